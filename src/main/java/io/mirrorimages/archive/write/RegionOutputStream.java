package io.mirrorimages.archive.write;

import io.mirrorimages.archive.file.PartialFile;
import io.mirrorimages.archive.tar.Region;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes one region of a file from its beginning on; {@link #close} fills what is left of it with
 * white space. The file is not closed. Not thread-safe.
 */
final class RegionOutputStream extends OutputStream {
  private final PartialFile file;
  private final Region region;
  private final byte[] buffer = new byte[64 * 1024];
  private int buffered;
  private long written;

  RegionOutputStream(PartialFile file, Region region) {
    this.file = file;
    this.region = region;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** {@link EOFException} beyond the region's end. */
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > region.size() - written - buffered) {
      throw new EOFException("more than the " + region.size() + " bytes that have a place");
    }
    int from = offset;
    int end = offset + length;
    while (from < end) {
      int part = Math.min(end - from, buffer.length - buffered);
      System.arraycopy(bytes, from, buffer, buffered, part);
      buffered += part;
      from += part;
      if (buffered == buffer.length) {
        writeOut();
      }
    }
  }

  @Override
  public void close() throws IOException {
    while (written + buffered < region.size()) {
      int part = (int) Math.min(region.size() - written - buffered, buffer.length - buffered);
      Arrays.fill(buffer, buffered, buffered + part, (byte) ' ');
      buffered += part;
      writeOut();
    }
    writeOut();
  }

  private void writeOut() throws IOException {
    file.write(buffer, buffered, region.data() + written);
    written += buffered;
    buffered = 0;
  }
}
