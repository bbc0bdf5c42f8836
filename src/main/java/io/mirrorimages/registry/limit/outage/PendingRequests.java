package io.mirrorimages.registry.limit.outage;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * The requests that wait for bytes of one host, and whether all have waited long enough to report
 * it. Requests that store something may take longer. Guarded by its owner.
 */
final class PendingRequests {
  private final ResponseWait usual = new ResponseWait(Duration.ofSeconds(5));
  private final ResponseWait slow = new ResponseWait(Duration.ofSeconds(20));

  private static final class ResponseWait {
    private final Duration worthTelling;
    private int count;
    private long since;

    ResponseWait(Duration worthTelling) {
      this.worthTelling = worthTelling;
    }

    boolean isLong(long lastSign, long now) {
      return count > 0 && now - Math.max(since, lastSign) >= worthTelling.toNanos();
    }
  }

  void begun(boolean slowly, long now) {
    ResponseWait waiting = slowly ? slow : usual;
    if (waiting.count++ == 0) {
      waiting.since = now;
    }
  }

  void ended(boolean slowly) {
    (slowly ? slow : usual).count--;
  }

  /** Since when nothing was heard of it, if that is long ago. */
  OptionalLong silentSince(long lastSign, long now) {
    for (ResponseWait waiting : new ResponseWait[] {usual, slow}) {
      if (waiting.isLong(lastSign, now)) {
        return OptionalLong.of(Math.max(waiting.since, lastSign));
      }
    }
    return OptionalLong.empty();
  }
}
