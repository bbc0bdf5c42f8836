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

  /** A token that was asked for at {@code asked} and is good for {@code seconds} from then. */
  static Token lasting(String value, Instant asked, long seconds) {
    long margin = Math.min(LONGEST_MARGIN, seconds / 4);
    return new Token(value, asked.plus(Duration.ofSeconds(seconds - margin)));
  }

  /** Without the value: safe in messages. */
  @Override
  public String toString() {
    return "a token until " + renewAt;
  }
}
