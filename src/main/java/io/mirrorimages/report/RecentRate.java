package io.mirrorimages.report;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How fast bytes move: in the last ten seconds, or since they began to move if that is less. The
 * time before the first bytes, as of planning, does not count; neither does a standstill that is
 * over. By one thread.
 */
public final class RecentRate {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  /** The rate of a shorter time says nothing of the whole: connections are just being opened. */
  private static final Duration LEAST = Duration.ofSeconds(2);

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long bytes) {}

  /** From now on. */
  public RecentRate(long nanos, long bytes) {
    samples.add(new Sample(nanos, bytes));
  }

  /** Takes how many bytes have moved in all; to be called every second or so. */
  public void note(long nanos, long bytes) {
    if (bytes == samples.getFirst().bytes) {
      samples.clear();
    }
    samples.addLast(new Sample(nanos, bytes));
    // One that is older stays: the window begins within what follows it.
    while (samples.size() > 2 && nanos - second().nanos >= WINDOW.toNanos()) {
      samples.removeFirst();
    }
  }

  private Sample second() {
    return samples.stream().skip(1).findFirst().orElseThrow();
  }

  /** Bytes per second. */
  public long perSecond() {
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double seconds = Math.max((last.nanos - first.nanos) / 1e9, 0.1);
    return (long) ((last.bytes - first.bytes) / seconds);
  }

  /**
   * How long {@code bytes} take at this rate, rounded up; empty if nothing is left or moves, and in
   * the first two seconds.
   */
  public Optional<Duration> timeFor(long bytes) {
    long speed = perSecond();
    long measured = samples.getLast().nanos - samples.getFirst().nanos;
    return bytes <= 0 || speed <= 0 || measured < LEAST.toNanos()
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(bytes / speed + 1));
  }
}
