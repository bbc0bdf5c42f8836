package io.mirrorimages.torture;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A time when a line is away, from one of its requests on. Either it breaks with all its
 * connections, and each new one breaks at once; or it is silent: connections stay open and are
 * taken, and nothing comes. Whoever needs the line meanwhile is to wait, and to say so.
 * Thread-safe.
 */
final class Blackout {
  /** Long enough to be told of: the tool has five seconds for its first word. */
  private static final Duration LENGTH = Duration.ofSeconds(7);

  /** It takes longer until silence is known to be one: what stores something may take its time. */
  private static final Duration SILENCE = Duration.ofSeconds(12);

  private static final Duration LOOK = Duration.ofMillis(20);

  private static final int SEEDS = 4;
  private static final int REQUESTS = 60;

  private final AtomicInteger requests = new AtomicInteger();
  private final int at;
  private final boolean tooLong;
  private final boolean silent;
  private volatile long began;
  private volatile boolean ended;

  /** One of every fourth seed; other seeds have none. */
  Blackout(long seed) {
    this(new SplittableRandom(seed));
  }

  private Blackout(SplittableRandom random) {
    this(
        random.nextInt(SEEDS) == 0 ? 1 + random.nextInt(REQUESTS) : -1,
        random.nextInt(3) == 0,
        random.nextBoolean());
  }

  private Blackout(int at, boolean tooLong, boolean silent) {
    this.at = at;
    this.tooLong = tooLong;
    this.silent = silent;
  }

  /** None at all. */
  static Blackout none() {
    return new Blackout(-1, false, false);
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
    Duration length = silent ? SILENCE : LENGTH;
    return began != 0 && !ended && System.nanoTime() - began < length.toNanos();
  }

  /** Whether it is one in which connections stay open. */
  boolean isSilent() {
    return silent;
  }

  /** Whether connections break now. */
  boolean breaks() {
    return !silent && isOn();
  }

  /** Nothing comes through until the silence is over, if there is one. */
  void hold() {
    while (silent && isOn()) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
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
