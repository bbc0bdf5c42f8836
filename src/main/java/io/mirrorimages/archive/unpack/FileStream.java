package io.mirrorimages.archive.unpack;

import io.mirrorimages.archive.file.PositionalFile;
import java.io.IOException;
import org.tukaani.xz.SeekableInputStream;

/** All bytes of a file that stays open when this is closed. For one thread. */
final class FileStream extends SeekableInputStream {
  private final PositionalFile file;
  private long position;

  FileStream(PositionalFile file) {
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int read = file.read(buffer, offset, length, position);
    position += Math.max(0, read);
    return read;
  }

  @Override
  public long length() throws IOException {
    return file.size();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void seek(long to) {
    position = to;
  }
}
