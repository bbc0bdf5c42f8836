package io.mirrorimages.registry.limit;

import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.registry.limit.time.BandwidthThrottle;
import io.mirrorimages.registry.limit.time.SlidingWindowLimiter;
import io.mirrorimages.registry.limit.time.ThrottledException;
import io.mirrorimages.registry.limit.time.Timer;
import io.mirrorimages.registry.limit.time.WaitNotices;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The bytes of the bodies that go to and come from one registry, the servers it redirects to
 * included: counted against its budget, and moved at the side's pace. Thread-safe.
 */
public final class Traffic {
  private final Optional<SlidingWindowLimiter> budget;
  private final BandwidthThrottle pace;
  private final WaitNotices notices;
  private final String usedUp;

  Traffic(HostBudget budget, BandwidthThrottle pace, Timer timer, WaitNotices notices) {
    this.pace = pace;
    this.notices = notices;
    this.usedUp = "the limit " + budget.bytesText() + " is used up";
    this.budget =
        budget
            .bytes()
            .map(rate -> new SlidingWindowLimiter(rate, timer, wait -> notices.tell(usedUp, wait)));
  }

  /** How long until the budget allows further bytes; zero if it does now. */
  public Duration timeToWait() {
    return budget.map(SlidingWindowLimiter::timeToWait).orElse(Duration.ZERO);
  }

  /**
   * Waits until the budget allows further bytes.
   *
   * @throws ThrottledException if that takes longer than {@code patience}
   */
  public void await(Duration patience) throws IOException {
    if (budget.isPresent()) {
      Duration wait = timeToWait();
      if (wait.compareTo(patience) > 0) {
        throw new ThrottledException(usedUp, wait, () -> notices.tell(usedUp, wait));
      }
      budget.get().await();
    }
  }

  /** How many of {@code wanted} bytes the budget allows now; 1 or more. */
  public int allowed(int wanted) {
    return budget.map(window -> Math.clamp(window.left(), 1, wanted)).orElse(wanted);
  }

  /** Notes bytes that were moved; waits as the pace wants it, not for the budget. */
  public void moved(long bytes) throws InterruptedIOException {
    budget.ifPresent(window -> window.count(bytes));
    pace.moved(bytes);
  }

  /** The same stream, at the right pace and counted. Closing it closes {@code in}. */
  public InputStream metered(InputStream in) {
    return new Metered(in);
  }

  private final class Metered extends BulkInputStream {
    private final InputStream in;

    Metered(InputStream in) {
      this.in = in;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, pace.portion(length));
      if (count > 0) {
        moved(count);
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
