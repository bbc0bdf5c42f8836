package io.mirrorimages.archive.write;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.RandomAccessBlob;
import io.mirrorimages.mirror.port.RandomAccessUpload;
import io.mirrorimages.mirror.port.ResumableUpload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** One blob on its way into its region; holds the region's lock from its making to its close. */
final class RegionUpload implements BlobUpload, ResumableUpload, RandomAccessUpload {
  /** Large enough that the system calls do not count beside the hashing. */
  private static final int BUFFER = 256 * 1024;

  /** How much may have to be fetched again after a kill. */
  private static final int NOTED_EACH = 1024 * 1024;

  private final ArchiveWriter archive;
  private final BlobRegion slot;
  private final boolean mounted;
  private long begin;
  private boolean closed;

  RegionUpload(ArchiveWriter archive, BlobRegion slot) {
    this.archive = archive;
    this.slot = slot;
    slot.lock().lock();
    this.mounted = slot.isComplete();
  }

  @Override
  public boolean mounted() {
    return mounted;
  }

  @Override
  public long kept() {
    begin = slot.kept();
    return begin;
  }

  @Override
  public Optional<InputStream> keptBytes() {
    return Optional.of(new KeptBytes(slot, begin));
  }

  @Override
  public RandomAccessBlob place() {
    return new RegionPlace(archive, slot);
  }

  @Override
  public void discard() throws IOException {
    slot.extents().clear();
    archive.note(slot.digest(), 0);
  }

  @Override
  public void send(InputStream content) throws IOException {
    if (mounted || closed) {
      throw new IllegalStateException("nothing to send");
    }
    long size = slot.size();
    byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, size))];
    long there = begin;
    long noted = there;
    while (there < size) {
      int filled = 0;
      try {
        int wanted = (int) Math.min(buffer.length, size - there);
        while (filled < wanted) {
          int read = content.read(buffer, filled, wanted - filled);
          if (read < 0) {
            throw new EOFException(
                slot.digest() + " ended after " + there + " of " + size + " bytes");
          }
          filled += read;
        }
      } finally {
        // Also what came before the line broke.
        slot.write(buffer, filled, there);
        there += filled;
        if (there - noted >= NOTED_EACH || filled < buffer.length || there == size) {
          note(there);
          noted = there;
        }
      }
    }
    if (content.read() >= 0) {
      throw new TransferException(
          FailureKind.CORRUPT,
          slot.digest() + " has more than the " + size + " bytes its manifest says");
    }
    slot.complete();
  }

  private void note(long bytes) throws IOException {
    slot.extents().add(0, bytes);
    archive.note(slot.digest(), bytes);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      slot.lock().unlock();
    }
  }
}
