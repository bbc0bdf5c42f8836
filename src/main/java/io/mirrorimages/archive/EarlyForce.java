package io.mirrorimages.archive;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings a file to the disk while more of it arrives: its end then has little left to wait for, and
 * a power cut takes the last of it only. A thread of its own does that, one at a time, and only
 * where something is being written; nobody waits for it. Thread-safe.
 *
 * <p>A system tells of a write that failed on its way to the disk once only: what was told here is
 * told again to whoever {@link #check checks}.
 */
final class EarlyForce {
  /** Some seconds for a slow disk: a run that is stopped has to wait for the rest of it. */
  static final long STEP = 32 * 1024 * 1024;

  private final Disk disk;
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicBoolean atWork = new AtomicBoolean();
  private volatile IOException failure;

  /** How a file is brought to the disk. */
  @FunctionalInterface
  interface Disk {
    /** Returns when everything written before is there. */
    void force() throws IOException;
  }

  EarlyForce(Disk disk) {
    this.disk = disk;
  }

  /** Notes that so many bytes more have been written. */
  void wrote(long bytes) {
    if (waiting.addAndGet(bytes) >= STEP && atWork.compareAndSet(false, true)) {
      waiting.set(0);
      Thread.ofPlatform().daemon().name("early-force").start(this::force);
    }
  }

  private void force() {
    try {
      disk.force();
    } catch (IOException e) {
      failure = e;
    } finally {
      atWork.set(false);
    }
  }

  /** Fails if the disk has failed. */
  void check() throws IOException {
    IOException known = failure;
    if (known != null) {
      throw new IOException(known.getMessage(), known);
    }
  }
}
