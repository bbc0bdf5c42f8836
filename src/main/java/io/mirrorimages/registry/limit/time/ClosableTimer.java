package io.mirrorimages.registry.limit.time;

import java.io.Closeable;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The system's time. Closing it ends all waits. */
public final class ClosableTimer implements Timer, Closeable {
  private final long origin = System.nanoTime();
  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public long nanos() {
    return System.nanoTime() - origin;
  }

  @Override
  public void sleep(Duration time) throws InterruptedIOException {
    try {
      if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new InterruptedIOException("interrupted");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
