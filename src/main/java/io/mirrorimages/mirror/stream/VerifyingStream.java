package io.mirrorimages.mirror.stream;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.Descriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A blob's bytes, hashed as they flow. The last of them are only handed out once the whole has the
 * right length and digest, so whoever has read to the end has the right content, and nobody can
 * finish storing a wrong one. It can be rewound to a mark if the stream below can: the state of the
 * hash is kept there. Not thread-safe.
 */
public final class VerifyingStream extends BulkInputStream {
  private static final int KEPT_BUFFER = 256 * 1024;
  private static final int SLICE = 8 * 1024;

  private final InputStream in;
  private final Descriptor blob;
  private MessageDigest hasher;
  private long position;
  private boolean resumed;
  private boolean unseen;
  private @Nullable MessageDigest markedHasher;
  private long markedPosition;

  /** Closing this stream closes {@code in}. */
  public VerifyingStream(InputStream in, Descriptor blob) {
    this.in = in;
    this.blob = blob;
    this.hasher = blob.digest().newHasher();
  }

  /**
   * Takes the blob's first {@code bytes} bytes from elsewhere: hashes them, and goes on behind
   * them. If they are the whole blob, they are verified here.
   */
  public void resumeAfter(InputStream kept, long bytes) throws IOException {
    begin(bytes);
    byte[] buffer = new byte[(int) Math.min(KEPT_BUFFER, bytes)];
    for (long left = bytes; left > 0; ) {
      int count = kept.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new EOFException("the first " + bytes + " bytes of " + blob.digest() + " are fewer");
      }
      hash(buffer, 0, count);
      left -= count;
    }
    if (position == blob.size()) {
      checkDigest();
    }
  }

  /**
   * Goes on behind the blob's first {@code bytes} bytes without having seen them. Then only the
   * length can be checked here: the digest is for whoever has all bytes.
   */
  public void resumeUnseen(long bytes) throws IOException {
    begin(bytes);
    unseen = true;
  }

  private void begin(long bytes) throws IOException {
    if (bytes > blob.size()) {
      throw tooLong();
    }
    position = bytes;
    resumed = true;
  }

  /** Whether some of the bytes are not of this stream. */
  public boolean isResumed() {
    return resumed;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long left = blob.size() - position;
    if ((left == 0 && position > 0) || length == 0) {
      return length == 0 ? 0 : -1;
    }
    int count = in.read(buffer, offset, (int) Math.min(length, Math.max(left, 1)));
    if (count < 0) {
      if (left > 0) {
        throw new EOFException(
            blob.digest() + " ended after " + position + " of " + blob.size() + " bytes");
      }
      verify();
      return -1;
    }
    position += count;
    if (position > blob.size()) {
      throw tooLong();
    }
    if (!unseen) {
      hash(buffer, offset, count);
    }
    if (position == blob.size()) {
      verify();
    }
    return count;
  }

  /** In slices: it is by the number of calls that the JVM learns to hash fast. */
  private void hash(byte[] buffer, int offset, int count) {
    int end = offset + count;
    for (int at = offset; at < end; at += SLICE) {
      hasher.update(buffer, at, Math.min(SLICE, end - at));
    }
  }

  private void verify() throws IOException {
    if (in.read() >= 0) {
      throw tooLong();
    }
    checkDigest();
  }

  private void checkDigest() throws DamagedBlobException {
    if (unseen) {
      return;
    }
    byte[] actual = hasher.digest();
    if (!HexFormat.of().formatHex(actual).equals(blob.digest().hex())) {
      throw new DamagedBlobException(blob, actual);
    }
  }

  private TransferException tooLong() {
    return new TransferException(
        FailureKind.CORRUPT,
        "blob "
            + blob.digest()
            + " is longer than the "
            + blob.size()
            + " bytes its manifest says");
  }

  @Override
  public boolean markSupported() {
    return in.markSupported();
  }

  /** Remembers this byte; how far the reading may go on is up to the stream below. */
  @Override
  public void mark(int readLimit) {
    in.mark(readLimit);
    markedPosition = position;
    markedHasher = copy(hasher);
  }

  @Override
  public void reset() throws IOException {
    if (markedHasher == null) {
      throw new IOException("nothing is marked");
    }
    in.reset();
    position = markedPosition;
    hasher = copy(markedHasher);
  }

  private static MessageDigest copy(MessageDigest hasher) {
    try {
      return (MessageDigest) hasher.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every JDK's hashers can be copied", e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
