package io.mirrorimages.registry.limit.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only where somebody sleeps, or the test says so. Keeps all sleeps. */
public final class FakeTimer implements Timer {
  private final List<Duration> sleeps = new ArrayList<>();
  private long nanos;

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized void sleep(Duration time) {
    sleeps.add(time);
    nanos += time.toNanos();
  }

  /** Lets time pass. */
  public synchronized void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** The time since the beginning. */
  public synchronized Duration now() {
    return Duration.ofNanos(nanos);
  }

  /** How often somebody slept. */
  public synchronized int sleeps() {
    return sleeps.size();
  }
}
