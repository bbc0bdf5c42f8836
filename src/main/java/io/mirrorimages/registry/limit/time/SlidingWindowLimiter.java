package io.mirrorimages.registry.limit.time;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * At most {@code count} in any window of the rate's length. The window slides in sixty steps, so a
 * permit may become free one sixtieth of it late. Thread-safe. A rate limiter of fixed periods lets
 * twice as much through around the end of a period, and does not say how long a wait will be.
 */
public final class SlidingWindowLimiter {
  private static final int PARTS = 60;

  private final Rate rate;
  private final Timer timer;
  private final Consumer<Duration> waits;
  private final long part;

  @GuardedBy("this")
  private final long[] passed = new long[PARTS + 1];

  @GuardedBy("this")
  private long newest;

  @GuardedBy("this")
  private long total;

  /**
   * @param waits receives each wait and its length
   */
  public SlidingWindowLimiter(Rate rate, Timer timer, Consumer<Duration> waits) {
    this.rate = rate;
    this.timer = timer;
    this.waits = waits;
    this.part = Math.max(1, rate.time().toNanos() / PARTS);
    this.newest = timer.nanos() / part;
  }

  /**
   * Takes one; waits until there is one, unless that takes longer than {@code patience}.
   *
   * @return zero if it was taken, else how long it takes
   */
  public Duration take(Duration patience) throws InterruptedIOException {
    while (!tryTake()) {
      Duration wait = timeToWait();
      if (wait.compareTo(patience) > 0) {
        return wait;
      }
      await();
    }
    return Duration.ZERO;
  }

  /** Waits until something is left, and takes nothing. */
  public void await() throws InterruptedIOException {
    for (Duration wait = timeToWait(); wait.isPositive(); wait = timeToWait()) {
      waits.accept(wait);
      timer.sleep(wait);
    }
  }

  /** How long until something is left; zero if that is so now. */
  public synchronized Duration timeToWait() {
    forgetOld();
    long left = total;
    long oldest = newest - PARTS;
    for (long number = oldest; number <= newest; number++) {
      if (left < rate.count()) {
        break;
      }
      left -= passed[index(number)];
      oldest = number + 1;
    }
    return total < rate.count()
        ? Duration.ZERO
        : Duration.ofNanos((oldest + PARTS) * part - timer.nanos());
  }

  /** How much is left now; 0 or less if it is used up. */
  public synchronized long left() {
    forgetOld();
    return rate.count() - total;
  }

  /** Notes that {@code amount} has passed, though it be more than was left. */
  public synchronized void count(long amount) {
    forgetOld();
    passed[index(newest)] += amount;
    total += amount;
  }

  private synchronized boolean tryTake() {
    forgetOld();
    boolean free = total < rate.count();
    if (free) {
      count(1);
    }
    return free;
  }

  @GuardedBy("this")
  private void forgetOld() {
    long now = timer.nanos() / part;
    for (int parts = 0; newest < now && parts <= PARTS; parts++) {
      newest++;
      total -= passed[index(newest)];
      passed[index(newest)] = 0;
    }
    newest = now;
  }

  private static int index(long number) {
    return (int) Math.floorMod(number, (long) PARTS + 1);
  }
}
