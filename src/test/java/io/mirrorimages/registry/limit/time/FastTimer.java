package io.mirrorimages.registry.limit.time;

import java.io.InterruptedIOException;
import java.time.Duration;

/** The system's time, three hundred times as fast: for threads that wait for each other. */
public final class FastTimer implements Timer {
  private static final int FACTOR = 300;

  private final long origin = System.nanoTime();

  @Override
  public long nanos() {
    return (System.nanoTime() - origin) * FACTOR;
  }

  @Override
  public void sleep(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time.dividedBy(FACTOR));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  public Duration now() {
    return Duration.ofNanos(nanos());
  }
}
