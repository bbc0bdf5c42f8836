package io.mirrorimages.registry.limit.time;

import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Time that only goes forward, and waiting in it: a change of the system's clock neither shortens
 * nor extends a wait. Thread-safe.
 */
public interface Timer {
  /** As long as it takes. */
  Duration FOREVER = Duration.ofDays(36_500);

  /** Nanoseconds since some fixed moment. */
  long nanos();

  /**
   * Waits. Ends at once, with the exception, when the thread is interrupted or the connections of
   * its side are closed.
   */
  void sleep(Duration time) throws InterruptedIOException;

  /** This time as a clock, for libraries that want one. Only its differences mean anything. */
  default Clock asClock() {
    Timer timer = this;
    return new Clock() {
      @Override
      public Instant instant() {
        return Instant.EPOCH.plusNanos(timer.nanos());
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
