package io.mirrorimages.registry.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Tells hosts that anyone on the internet can ask from those of the own network. */
final class PublicHost {
  private PublicHost() {}

  /**
   * Whether all addresses of a host are public.
   *
   * @param host a name or an address, IPv6 without brackets
   */
  static boolean is(String host) throws UnknownHostException {
    return Arrays.stream(InetAddress.getAllByName(host)).allMatch(PublicHost::is);
  }

  /** As the IANA registries of special-purpose addresses have it. */
  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    boolean own =
        address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress();
    if (own) {
      return false;
    }
    if (address instanceof Inet6Address) {
      return isPublic6(bytes);
    }
    boolean special =
        first == 0
            || first >= 240
            || (first == 100 && (second & 0xc0) == 64)
            || (first == 192 && second == 0 && bytes[2] == 0)
            || (first == 198 && (second & 0xfe) == 18);
    return !special;
  }

  /** Global unicast; what leads to an IPv4 address is as public as that. */
  private static boolean isPublic6(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    if (first == 0x20 && second == 0x02) {
      return isPublic4(bytes, 2);
    }
    if (first == 0x00 && second == 0x64) {
      return isPublic4(bytes, 12);
    }
    return (first & 0xe0) == 0x20;
  }

  private static boolean isPublic4(byte[] bytes, int at) {
    try {
      return is(InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
