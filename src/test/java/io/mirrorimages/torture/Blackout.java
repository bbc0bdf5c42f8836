package io.mirrorimages.torture;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A time when a line is away: it breaks with all its connections at one of its requests, and each
 * new one breaks at once, until it is over. Whoever needs the line meanwhile is to wait, and to say
 * so. Thread-safe.
 */
final class Blackout {
  /** Long enough to be told of: the tool has five seconds for its first word. */
  private static final Duration LENGTH = Duration.ofSeconds(7);

  private static final int SEEDS = 4;
  private static final int REQUESTS = 60;

  private final AtomicInteger requests = new AtomicInteger();
  private final int at;
  private final boolean tooLong;
  private volatile long began;
  private volatile boolean ended;

  /** One of every fourth seed; other seeds have none. */
  Blackout(long seed) {
    this(new SplittableRandom(seed));
  }

  private Blackout(SplittableRandom random) {
    this(random.nextInt(SEEDS) == 0 ? 1 + random.nextInt(REQUESTS) : -1, random.nextInt(3) == 0);
  }

  private Blackout(int at, boolean tooLong) {
    this.at = at;
    this.tooLong = tooLong;
  }

  /** None at all. */
  static Blackout none() {
    return new Blackout(-1, false);
  }

  /** Another request: whether it begins with that. */
  boolean begins() {
    boolean now = requests.incrementAndGet() == at;
    if (now) {
      began = System.nanoTime();
    }
    return now;
  }

  boolean isOn() {
    return began != 0 && !ended && System.nanoTime() - began < LENGTH.toNanos();
  }

  /** The patience of a run that does not wait for its end. */
  Optional<String> patience() {
    return tooLong ? Optional.of("3s") : Optional.empty();
  }

  /** All is well from now on. */
  void end() {
    ended = true;
  }

  boolean hasBegun() {
    return began != 0;
  }

  /** Whether a run that went from {@code start} until now went through all of it. */
  boolean isWithin(long start) {
    return began != 0 && began > start && !isOn();
  }
}
