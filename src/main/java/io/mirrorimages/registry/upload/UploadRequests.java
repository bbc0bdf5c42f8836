package io.mirrorimages.registry.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * The requests of a side that carry bytes of blobs: how fast they go, and their orderly end.
 * Harbor, as distribution 2.8, has no use for an upload any more of which a request broke off, so
 * those that are under way when a run ends are let come to their end. Thread-safe.
 */
public final class UploadRequests {
  /** What is sent first, while nothing is known. */
  private static final long FIRST = 1024 * 1024;

  /** Smaller ones cost more than they save. */
  private static final long LEAST = 64 * 1024;

  @GuardedBy("this")
  private int running;

  @GuardedBy("this")
  private boolean ending;

  @GuardedBy("this")
  private double bytesPerNano;

  /** A request that is under way. */
  final class RunningRequest implements Closeable {
    private final long began = System.nanoTime();
    private final long bytes;
    private final int beside;

    private RunningRequest(long bytes, int beside) {
      this.bytes = bytes;
      this.beside = beside;
    }

    /** The registry has taken all of it. */
    void taken() {
      measured(bytes, System.nanoTime() - began, beside);
    }

    @Override
    public void close() {
      ended();
    }
  }

  /**
   * A request with so many bytes begins, and is to be closed.
   *
   * @throws InterruptedIOException if no more are begun
   */
  synchronized RunningRequest begin(long bytes) throws InterruptedIOException {
    if (ending) {
      throw new InterruptedIOException("interrupted");
    }
    running++;
    return new RunningRequest(bytes, running);
  }

  private synchronized void measured(long bytes, long nanos, int beside) {
    // Of a few bytes the time says more of the server than of the line.
    if (bytes >= LEAST) {
      bytesPerNano = (double) bytes / Math.max(1, nanos) * (beside + running) / 2;
    }
  }

  private synchronized void ended() {
    running--;
    notifyAll();
  }

  /** How many bytes a request may have that is to be done in {@code time} beside the others. */
  synchronized long within(Duration time) {
    if (bytesPerNano == 0) {
      return FIRST;
    }
    return Math.max(LEAST, (long) (bytesPerNano * time.toNanos() / (running + 1)));
  }

  /**
   * Begins no more, and waits until those that are under way have ended, but not longer than {@code
   * patience}. May be called from any thread, and twice.
   */
  public synchronized void finish(Duration patience) throws InterruptedException {
    ending = true;
    long end = System.nanoTime() + patience.toNanos();
    while (running > 0) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }
}
