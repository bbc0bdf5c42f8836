package io.mirrorimages.archive;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A blob's place in an archive that is being written, and how much of it is there. Only the thread
 * that holds the lock writes or asks how much.
 */
final class Slot {
  private final Region region;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean complete;
  private long kept;

  /** {@code kept} bytes are said to be there from an earlier run. */
  Slot(Region region, long kept) {
    this.region = region;
    this.kept = kept >= 0 && kept <= region.size() ? kept : 0;
  }

  Region region() {
    return region;
  }

  /** Held by the one thread that writes the region. */
  ReentrantLock lock() {
    return lock;
  }

  /** How many bytes from the blob's beginning on are in the region. */
  long kept() {
    return kept;
  }

  void keep(long bytes) {
    kept = bytes;
  }

  boolean isComplete() {
    return complete;
  }

  void completed() {
    complete = true;
  }
}
