package io.mirrorimages.archive.write;

import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ByteRanges;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A blob's place in an archive that is being written, and how much of it is there. Only the thread
 * that holds the lock writes or asks how much.
 */
final class BlobRegion {
  private final Digest digest;
  private final VolumeWriter volume;
  private final Region region;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean complete;
  private final ByteRanges kept;

  /** The bytes {@code kept} are said to be there from an earlier run. */
  BlobRegion(Digest digest, VolumeWriter volume, Region region, ByteRanges kept) {
    this.digest = digest;
    this.volume = volume;
    this.region = region;
    this.kept =
        kept.all().stream().allMatch(e -> e.to() <= region.size()) ? kept : new ByteRanges();
  }

  Digest digest() {
    return digest;
  }

  /** The blob's size in bytes. */
  long size() {
    return region.size();
  }

  /** Held by the one thread that writes the region. */
  ReentrantLock lock() {
    return lock;
  }

  /** How many bytes from the blob's beginning on are in the region. */
  long kept() {
    return kept.front();
  }

  /** Which bytes of the blob are in the region. */
  ByteRanges extents() {
    return kept;
  }

  /** Reads from byte {@code from} of the blob on; as {@link PositionalFile#read}. */
  int read(byte[] buffer, int offset, int length, long from) throws IOException {
    return volume.read(buffer, offset, length, region.data() + from);
  }

  /** Writes {@code length} bytes of {@code buffer} as what the blob has from byte {@code at} on. */
  void write(byte[] buffer, int length, long at) throws IOException {
    volume.write(buffer, length, region.data() + at);
  }

  /** Gives the region, now that all of it is there, the name of its blob. */
  void complete() throws IOException {
    volume.complete(digest, region);
    complete = true;
  }

  boolean isComplete() {
    return complete;
  }
}
