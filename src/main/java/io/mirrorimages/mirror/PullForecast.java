package io.mirrorimages.mirror;

import java.time.Duration;
import java.util.Optional;

/**
 * How many manifests a plan still wants from a place that counts them.
 *
 * @param allowance what the place says of it
 * @param needed how many it is about to be asked for; of a place whose turn comes {@link
 *     RateLimitStatus.Turn#LATER later}, if those before it had nothing
 * @param exact whether there can't be more: what an index refers to is known only when it is read
 */
public record PullForecast(RateLimitStatus allowance, long needed, boolean exact) {

  /** Whether what is left is as much as is needed, as far as that is known. */
  public boolean suffices() {
    return needed <= allowance.left();
  }

  /**
   * How long it takes until the place has given all of them: the windows that are still to pass;
   * empty if it is not to be waited for.
   */
  public Optional<Duration> time() {
    if (suffices()) {
      return Optional.empty();
    }
    long missing = needed - Math.max(0, allowance.left());
    long windows = (missing + allowance.limit() - 1) / allowance.limit();
    return Optional.of(allowance.window().multipliedBy(windows));
  }
}
