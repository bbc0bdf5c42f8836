package io.mirrorimages.registry.limit.time;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * So many bytes a second for all transfers of a side together, evenly: each portion waits until it
 * is its turn. What a late wake-up lost is caught up with, up to a tenth of a second. Thread-safe.
 */
public final class BandwidthThrottle {
  private static final long SECOND = 1_000_000_000L;
  private static final long CAUGHT_UP = SECOND / 10;
  // Shorter waits are not kept well by operating systems, and add up to one that is.
  private static final long SHORTEST_WAIT = 2_000_000L;
  private static final int LEAST_PORTION = 512;
  private static final int PORTIONS_PER_SECOND = 50;

  private final OptionalLong bytesPerSecond;
  private final Timer timer;

  @GuardedBy("this")
  private long turn;

  /**
   * @param bytesPerSecond 1 or more; empty for no limit
   */
  public BandwidthThrottle(OptionalLong bytesPerSecond, Timer timer) {
    this.bytesPerSecond = bytesPerSecond;
    this.timer = timer;
    this.turn = timer.nanos();
  }

  /** How many bytes to move at once, so that it does not go by fits and starts. */
  public int portion(int wanted) {
    return bytesPerSecond.isEmpty()
        ? wanted
        : (int)
            Math.min(
                wanted, Math.max(LEAST_PORTION, bytesPerSecond.getAsLong() / PORTIONS_PER_SECOND));
  }

  /** Notes that {@code bytes} have been moved, and waits until the next may be. */
  public void moved(long bytes) throws InterruptedIOException {
    if (bytesPerSecond.isEmpty()) {
      return;
    }
    long wait = reserve(bytes);
    if (wait >= SHORTEST_WAIT) {
      timer.sleep(Duration.ofNanos(wait));
    }
  }

  private synchronized long reserve(long bytes) {
    long now = timer.nanos();
    long time = (long) ((double) bytes * SECOND / bytesPerSecond.getAsLong());
    turn = Math.max(turn, now - CAUGHT_UP) + time;
    return turn - now;
  }
}
