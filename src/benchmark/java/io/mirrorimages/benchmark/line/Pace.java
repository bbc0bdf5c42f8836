package io.mirrorimages.benchmark.line;

/**
 * A rate, shared by those who send: each portion gets the time at which its last byte has left, one
 * portion after the other. Thread-safe.
 */
final class Pace {
  /** Who comes late by less than this has lost nothing: threads do not wake in time. */
  private static final long SLACK = 20_000_000;

  private static final double SECOND = 1e9;

  private final double rate;
  private long free;

  /**
   * @param rate bytes per second; 0 for no limit
   * @param now as of {@link System#nanoTime}
   */
  Pace(double rate, long now) {
    this.rate = rate;
    this.free = now;
  }

  /** When the last of so many bytes has left that are ready at {@code now}. */
  synchronized long leave(int bytes, long now) {
    if (rate <= 0) {
      return now;
    }
    long begin = now - SLACK - free > 0 ? now - SLACK : free;
    free = begin + (long) (bytes * SECOND / rate);
    return free;
  }
}
