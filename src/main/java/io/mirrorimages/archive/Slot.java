package io.mirrorimages.archive;

import java.util.concurrent.locks.ReentrantLock;

/** A blob's place in an archive that is being written, and whether the blob is there. */
final class Slot {
  private final Region region;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean complete;

  Slot(Region region) {
    this.region = region;
  }

  Region region() {
    return region;
  }

  /** Held by the one thread that writes the region. */
  ReentrantLock lock() {
    return lock;
  }

  boolean isComplete() {
    return complete;
  }

  void completed() {
    complete = true;
  }
}
