package io.mirrorimages.archive.write;

import io.mirrorimages.image.BulkInputStream;
import java.io.IOException;

/** The first bytes of a region, read while the archive is being written. */
final class KeptBytes extends BulkInputStream {
  private final BlobRegion slot;
  private final long end;
  private long position;

  KeptBytes(BlobRegion slot, long end) {
    this.slot = slot;
    this.end = end;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (position == end) {
      return -1;
    }
    int count = slot.read(buffer, offset, (int) Math.min(length, end - position), position);
    if (count > 0) {
      position += count;
    }
    return count;
  }
}
