package io.mirrorimages.registry.http;

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

  private static final Timeouts OF_MIRRORS =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(15), DEFAULT.commit);

  /** For a server that another one can stand in for: at most 10 s, and 15 s. */
  public Timeouts forMirrors() {
    return new Timeouts(
        shorter(connect, OF_MIRRORS.connect), shorter(stall, OF_MIRRORS.stall), commit);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

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
