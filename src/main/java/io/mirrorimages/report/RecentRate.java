package io.mirrorimages.report;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How fast bytes move: as in the last ten seconds, whatever was before. By one thread. */
public final class RecentRate {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long bytes) {}

  /** From now on. */
  public RecentRate(long nanos, long bytes) {
    samples.add(new Sample(nanos, bytes));
  }

  /** So many bytes have moved in all; to be told every second or so. */
  public void note(long nanos, long bytes) {
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

  /** How long {@code bytes} take at this rate, rounded up; empty if nothing is left or moves. */
  public Optional<Duration> timeFor(long bytes) {
    long speed = perSecond();
    return bytes <= 0 || speed <= 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(bytes / speed + 1));
  }
}
