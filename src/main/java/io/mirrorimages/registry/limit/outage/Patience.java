package io.mirrorimages.registry.limit.outage;

import java.time.Duration;

/**
 * How long a run waits for a host that does not answer at all.
 *
 * @param time how long; zero for not at all: then it is the retries' business alone
 * @param fromTheStart whether that is also so for a host that has not answered once; if not, such a
 *     host has half a minute, since its name or port may be wrong; and one that refuses the run's
 *     first request has three tries
 */
public record Patience(Duration time, boolean fromTheStart) {
  /** No waiting. */
  public static final Patience NONE = new Patience(Duration.ZERO, false);

  private static final Duration FIRST_CONTACT = Duration.ofSeconds(30);

  /** Whether requests wait for a host. */
  boolean waits(boolean answeredBefore) {
    return time.isPositive() && (fromTheStart || answeredBefore);
  }

  /** How long it may be away. */
  Duration of(boolean answeredBefore) {
    return waits(answeredBefore) || time.compareTo(FIRST_CONTACT) < 0 ? time : FIRST_CONTACT;
  }
}
