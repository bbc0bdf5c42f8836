package io.mirrorimages.archive.format.source;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.image.BulkInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * The bytes of a file as far as it went when the folder was opened; a link in its place is not
 * followed. For one thread.
 */
public final class FolderFileStream extends BulkInputStream {
  private final Path file;
  private final FileChannel channel;
  private final long end;
  private final ArchiveErrors errors;
  private long position;

  public FolderFileStream(Path file, long offset, long end, ArchiveErrors errors)
      throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    this.position = offset;
    this.end = end;
    this.errors = errors;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    if (position == end) {
      return -1;
    }
    int wanted = (int) Math.min(length, end - position);
    int read;
    try {
      read = channel.read(ByteBuffer.wrap(buffer, offset, wanted), position);
    } catch (ClosedByInterruptException e) {
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
    if (read < 0) {
      // It was longer when it was looked at.
      throw errors.truncated("in the middle of " + file.getFileName());
    }
    position += read;
    return read;
  }

  @Override
  public long skip(long n) {
    long skipped = Math.clamp(n, 0, end - position);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, end - position);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
