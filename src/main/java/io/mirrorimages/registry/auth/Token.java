package io.mirrorimages.registry.auth;

import java.time.Duration;
import java.time.Instant;

/**
 * A Bearer token.
 *
 * @param value the secret
 * @param renewAt when it is time for a new one, safely before it ends
 */
record Token(String value, Instant renewAt) {
  private static final long LONGEST_MARGIN = 60;

  /** What servers name here may be any number; one that is refused is replaced in any case. */
  private static final long LONGEST = Duration.ofDays(1).toSeconds();

  /**
   * A token that was asked for at {@code asked} and is good for {@code seconds} from then, which
   * counts as one to a day.
   */
  static Token lasting(String value, Instant asked, long seconds) {
    long lasts = Math.clamp(seconds, 1, LONGEST);
    long margin = Math.min(LONGEST_MARGIN, lasts / 4);
    return new Token(value, asked.plus(Duration.ofSeconds(lasts - margin)));
  }

  /** Without the value: safe in messages. */
  @Override
  public String toString() {
    return "a token until " + renewAt;
  }
}
