package io.mirrorimages.registry.http.wire;

import java.time.Duration;

/**
 * How long a silent server is waited for, and one that is as good as silent. There is no limit on a
 * whole blob.
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

  /** Until the next byte of a TLS handshake. */
  public Duration handshake() {
    return shorter(connect, stall);
  }

  /** For a whole TLS handshake. */
  public Duration wholeHandshake() {
    return connect.plus(stall);
  }

  /**
   * For the whole head of an answer, interim answers included.
   *
   * @param patience until its first byte
   */
  public Duration head(Duration patience) {
    return patience.plus(stall);
  }

  /** For a whole document: a manifest, a token, what an API says. */
  Duration document() {
    return times(stall, 5);
  }

  /**
   * How long a body may move less than the {@link ExchangeWatch#LEAST_BYTES_PER_SECOND least rate}.
   */
  public Duration slowness() {
    return times(stall, 3);
  }

  /** For what is only good to know: the text of an error. */
  Duration explanation() {
    return shorter(stall, Duration.ofSeconds(10));
  }

  /** For the rest of a body that is read and discarded to keep the connection. */
  Duration rest() {
    return shorter(stall, Duration.ofSeconds(2));
  }

  /** For a small question whether a server is there at all: at most 10 s, and 15 s. */
  public Timeouts forTrials() {
    return new Timeouts(
        shorter(connect, OF_MIRRORS.connect), shorter(stall, OF_MIRRORS.connect), commit);
  }

  /** The same, with no silence accepted for longer than {@code patience}. */
  public Timeouts within(Duration patience) {
    return new Timeouts(shorter(connect, patience), shorter(stall, patience), commit);
  }

  /** Duration's own product goes by BigDecimal, which each request would pay for. */
  private static Duration times(Duration one, int times) {
    Duration sum = one;
    for (int i = 1; i < times; i++) {
      sum = sum.plus(one);
    }
    return sum;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * The same with other patience for a silent server: storing gets up to fifteen times that, no
   * more than it has now, and never less than that.
   */
  public Timeouts withStall(Duration other) {
    Duration storing = times(other, 15);
    storing = storing.compareTo(commit) < 0 ? storing : commit;
    return new Timeouts(connect, other, storing.compareTo(other) < 0 ? other : storing);
  }
}
