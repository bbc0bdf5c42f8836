package io.mirrorimages.route;

/** Tells this very machine from others. */
public final class Loopback {
  private Loopback() {}

  /**
   * Whether the host is loopback by its name or address alone; the DNS is not asked.
   *
   * @param host name or address, IPv6 with or without brackets
   */
  public static boolean covers(String host) {
    return NoProxy.isLoopback(host);
  }
}
