package io.mirrorimages.archive.write;

import io.mirrorimages.mirror.ByteRanges;
import io.mirrorimages.mirror.port.RandomAccessBlob;
import java.io.IOException;

/**
 * A blob's region, filled by many threads while one of them holds its lock. The contiguous prefix
 * is journalled like a sequential download, so that a later single-stream run can resume from it.
 */
final class RegionPlace implements RandomAccessBlob {
  private final ArchiveWriter archive;
  private final BlobRegion slot;

  RegionPlace(ArchiveWriter archive, BlobRegion slot) {
    this.archive = archive;
    this.slot = slot;
  }

  @Override
  public synchronized ByteRanges kept() {
    return new ByteRanges(slot.extents());
  }

  @Override
  public void write(byte[] buffer, int length, long at) throws IOException {
    slot.write(buffer, length, at);
  }

  @Override
  public int read(byte[] buffer, int offset, int length, long at) throws IOException {
    return slot.read(buffer, offset, length, at);
  }

  @Override
  public synchronized void note(long from, long to) throws IOException {
    long before = slot.kept();
    slot.extents().add(from, to);
    long front = slot.kept();
    if (front > before) {
      archive.note(slot.digest(), front);
    } else {
      archive.notePart(slot.digest(), from, to);
    }
  }

  @Override
  public void complete() throws IOException {
    slot.complete();
  }
}
