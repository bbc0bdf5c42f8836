package io.mirrorimages.report.live;

import io.mirrorimages.mirror.Wait;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is being waited for. Thread-safe. */
final class CurrentWaits {
  private final Map<String, Pending> byRegistry = new ConcurrentHashMap<>();
  private final Clock clock;

  CurrentWaits(Clock clock) {
    this.clock = clock;
  }

  /**
   * A wait.
   *
   * @param details as they were reported
   * @param end when it ends at the latest; that of its report where no end is known
   */
  record Pending(Wait details, Instant end) {
    /** Whether an end is known. */
    boolean isBounded() {
      return details.time().isPositive();
    }
  }

  void on(Wait wait) {
    switch (wait.kind()) {
      case LIMIT, OUTAGE ->
          byRegistry.put(wait.registry(), new Pending(wait, clock.instant().plus(wait.time())));
      case BACK, GIVEN_UP -> byRegistry.remove(wait.registry());
    }
  }

  /** Those that last, the one that ends first in front. The end of a limit is not reported. */
  List<Pending> all() {
    Instant now = clock.instant();
    byRegistry
        .values()
        .removeIf(
            pending -> pending.details().kind() == Wait.Kind.LIMIT && !pending.end().isAfter(now));
    return byRegistry.values().stream().sorted(Comparator.comparing(Pending::end)).toList();
  }
}
