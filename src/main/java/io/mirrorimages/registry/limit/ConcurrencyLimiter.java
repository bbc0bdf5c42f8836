package io.mirrorimages.registry.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * How many requests to one host may be under way: at first as many as its budget says, half as many
 * each time it answers that it is overloaded, and one more for every ten that went well. One wave
 * of refusals counts once: only a request that began after the last halving halves again.
 * Thread-safe.
 *
 * <p>Not a bulkhead of Resilience4j: that one is made smaller only when those inside have left, and
 * its caller, which may be one of them, waits until then.
 */
final class ConcurrencyLimiter {
  private static final int WELL_FOR_ONE_MORE = 10;

  private final int most;

  @GuardedBy("this")
  private int allowed;

  @GuardedBy("this")
  private int taken;

  @GuardedBy("this")
  private int well;

  @GuardedBy("this")
  private int halvings;

  ConcurrencyLimiter(int most) {
    this.most = most;
    this.allowed = most;
  }

  /**
   * Takes a place, and waits for one, but not longer than {@code patience}; gives the number of
   * halvings so far, or nothing if there is no place.
   */
  synchronized OptionalInt take(Duration patience) throws InterruptedException {
    long began = System.nanoTime();
    while (taken >= allowed) {
      long rest = patience.toMillis() - (System.nanoTime() - began) / 1_000_000;
      if (rest <= 0) {
        return OptionalInt.empty();
      }
      wait(rest);
    }
    taken++;
    return OptionalInt.of(halvings);
  }

  /** Gives a place back. */
  synchronized void leave() {
    taken--;
    notifyAll();
  }

  /** A request went well. */
  synchronized void well() {
    if (allowed < most && ++well >= WELL_FOR_ONE_MORE) {
      well = 0;
      allowed++;
      notifyAll();
    }
  }

  /**
   * The host is overloaded.
   *
   * @param since the number of halvings when the request that learned it took its place
   */
  synchronized void overloaded(int since) {
    if (since == halvings) {
      halvings++;
      well = 0;
      allowed = Math.max(1, allowed / 2);
    }
  }

  /** How many are allowed now. */
  synchronized int allowed() {
    return allowed;
  }
}
