package io.mirrorimages.archive.file;

import io.mirrorimages.image.ErrorWords;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a file to the disk while more of it arrives, so that its end has little left to wait for.
 * A thread of its own does that, one file at a time; no thread waits for it. A disk that turns out
 * to be slow is left to the system's own pace: a run that is stopped would have to wait for what is
 * under way. Thread-safe.
 *
 * <p>A system tells of a write that failed on its way to the disk once only: a failure seen here is
 * thrown again by {@link #check}.
 */
final class BackgroundFsync {
  /** Small archives are not worth it: pages that two entries share would be written twice. */
  static final long STEP = 128 * 1024 * 1024;

  private static final Duration SLOW = Duration.ofSeconds(2);

  private final Disk disk;
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicBoolean atWork = new AtomicBoolean();
  private final LongSupplier nanoTime;
  private volatile boolean slow;
  private volatile @Nullable IOException failure;

  /** How a file is brought to the disk. */
  @FunctionalInterface
  interface Disk {
    /** Returns when everything written before is there. */
    void force() throws IOException;
  }

  BackgroundFsync(Disk disk) {
    this(disk, System::nanoTime);
  }

  BackgroundFsync(Disk disk, LongSupplier nanoTime) {
    this.disk = disk;
    this.nanoTime = nanoTime;
  }

  /** Notes that so many bytes more have been written. */
  void wrote(long bytes) {
    if (waiting.addAndGet(bytes) >= STEP && !slow && atWork.compareAndSet(false, true)) {
      waiting.set(0);
      Thread.ofPlatform().daemon().name("early-force").start(this::force);
    }
  }

  private void force() {
    long began = nanoTime.getAsLong();
    try {
      disk.force();
      slow = nanoTime.getAsLong() - began > SLOW.toNanos();
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
      throw new IOException(ErrorWords.of(known), known);
    }
  }
}
