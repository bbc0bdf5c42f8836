package io.mirrorimages.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only where somebody sleeps, or the test says so. Keeps all sleeps. */
final class FakeTimer implements Timer {
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
  synchronized void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** The time since the beginning. */
  synchronized Duration now() {
    return Duration.ofNanos(nanos);
  }

  /** How often somebody slept. */
  synchronized int sleeps() {
    return sleeps.size();
  }
}
