package io.mirrorimages.registry;

import java.time.Duration;

/**
 * How long a silent server is waited for. There is no limit on a whole transfer.
 *
 * @param connect until a connection stands, its TLS handshake included
 * @param stall until the next byte, the first of an answer included
 * @param commit until the answer to a request that stores something: registries hash again and copy
 *     in their storage before they answer
 */
public record Timeouts(Duration connect, Duration stall, Duration commit) {
  /** 30 s, 60 s, and 15 min. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(15));

  /**
   * The same with other patience for a silent server: storing gets up to fifteen times that, no
   * more than it has now, and never less than that.
   */
  public Timeouts withStall(Duration other) {
    Duration storing = other.multipliedBy(15);
    storing = storing.compareTo(commit) < 0 ? storing : commit;
    return new Timeouts(connect, other, storing.compareTo(other) < 0 ? other : storing);
  }
}
