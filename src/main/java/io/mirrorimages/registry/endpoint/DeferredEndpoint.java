package io.mirrorimages.registry.endpoint;

import io.mirrorimages.registry.limit.time.ThrottledException;
import io.mirrorimages.registry.limit.time.Timer;
import java.time.Duration;
import java.util.Optional;

/**
 * An endpoint that may be asked again for the same thing.
 *
 * @param by which
 * @param at from when on, on the timer of its side
 * @param busy the limit that defers it; empty if it failed
 * @param asked whether it has failed before
 */
record DeferredEndpoint(
    ResolvedEndpoint by, long at, Optional<ThrottledException> busy, boolean asked) {
  // An endpoint that failed, but not so often that it rests.
  private static final Duration AGAIN = Duration.ofSeconds(5);

  /** A healthy endpoint at its limit. */
  static DeferredEndpoint busy(ResolvedEndpoint by, ThrottledException e, Timer timer) {
    return new DeferredEndpoint(
        by, timer.nanos() + e.timeToWait().toNanos(), Optional.of(e), false);
  }

  /** One that rests, and has not been asked. */
  static DeferredEndpoint resting(ResolvedEndpoint by, Timer timer) {
    return new DeferredEndpoint(
        by, timer.nanos() + by.health().rest().toNanos(), Optional.empty(), false);
  }

  /** One that was asked, and could not answer. */
  static DeferredEndpoint troubled(ResolvedEndpoint by, Timer timer) {
    Duration rest = by.health().rest();
    Duration wait = rest.compareTo(AGAIN) > 0 ? rest : AGAIN;
    return new DeferredEndpoint(by, timer.nanos() + wait.toNanos(), Optional.empty(), true);
  }

  /** How long until then. */
  Duration timeToWait(Timer timer) {
    return Duration.ofNanos(Math.max(0, at - timer.nanos()));
  }
}
