package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A blob's bytes, hashed as they flow. The last of them are only handed out once the whole has the
 * right length and digest, so whoever has read to the end has the right content, and nobody can
 * finish storing a wrong one. Not thread-safe.
 */
final class VerifyingStream extends InputStream {
  private static final int KEPT_BUFFER = 256 * 1024;

  private final InputStream in;
  private final Descriptor blob;
  private final MessageDigest hasher;
  private long position;
  private boolean resumed;

  /** Closing this stream closes {@code in}. */
  VerifyingStream(InputStream in, Descriptor blob) {
    this.in = in;
    this.blob = blob;
    this.hasher = blob.digest().newHasher();
  }

  /**
   * Takes the blob's first bytes from elsewhere: hashes them, and goes on behind them. If they are
   * the whole blob, they are verified here.
   *
   * @return how many there were
   */
  long resumeAfter(InputStream kept) throws IOException {
    byte[] buffer = new byte[KEPT_BUFFER];
    for (int count = kept.read(buffer); count >= 0; count = kept.read(buffer)) {
      position += count;
      resumed = true;
      if (position > blob.size()) {
        throw tooLong();
      }
      hasher.update(buffer, 0, count);
    }
    if (position > 0 && position == blob.size()) {
      checkDigest();
    }
    return position;
  }

  /** Whether some of the bytes are not of this stream. */
  boolean isResumed() {
    return resumed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long left = blob.size() - position;
    if (left == 0 && position > 0 || length == 0) {
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
    hasher.update(buffer, offset, count);
    if (position == blob.size()) {
      verify();
    }
    return count;
  }

  private void verify() throws IOException {
    if (in.read() >= 0) {
      throw tooLong();
    }
    checkDigest();
  }

  private void checkDigest() throws DamagedBlobException {
    byte[] actual = hasher.digest();
    if (!HexFormat.of().formatHex(actual).equals(blob.digest().hex())) {
      throw new DamagedBlobException(blob, actual);
    }
  }

  private MirrorException tooLong() {
    return new MirrorException(
        Reason.CORRUPT,
        "blob "
            + blob.digest()
            + " is longer than the "
            + blob.size()
            + " bytes its manifest says");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
