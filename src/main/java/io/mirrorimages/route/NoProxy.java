package io.mirrorimages.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The hosts that are reached directly: a list of {@code domain}, {@code .domain}, {@code *.domain},
 * {@code host:port}, addresses, address ranges ({@code 10.0.0.0/8}) and {@code *}, separated by
 * commas or blanks. A domain covers itself and everything below it; loopback is always covered.
 */
final class NoProxy {
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:[.][0-9]{1,3}){3}");

  private final List<String> entries = new ArrayList<>();

  NoProxy(String list) {
    for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
      if (!entry.isEmpty()) {
        entries.add(entry);
      }
    }
  }

  boolean covers(String host, int port) {
    String name = bare(host.toLowerCase(Locale.ROOT));
    return isLoopback(name) || entries.stream().anyMatch(entry -> matches(entry, name, port));
  }

  /** Whether the name means this very machine, without asking the DNS. */
  static boolean isLoopback(String host) {
    String name = bare(host.toLowerCase(Locale.ROOT));
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return true;
    }
    byte[] address = address(name);
    if (address.length == 4) {
      return address[0] == 127;
    }
    return address.length == 16 && inRange(address, address("::1"), 128);
  }

  private static boolean matches(String entry, String host, int port) {
    if (entry.equals("*")) {
      return true;
    }
    int slash = entry.indexOf('/');
    if (slash > 0) {
      return matchesRange(entry.substring(0, slash), entry.substring(slash + 1), host);
    }
    String pattern = entry;
    int colon = entry.lastIndexOf(':');
    boolean named = colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
    if (named) {
      if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
      pattern = entry.substring(0, colon);
    }
    pattern = bare(pattern).replaceFirst("^[*]?[.]", "");
    byte[] address = address(pattern);
    if (address.length > 0) {
      return java.util.Arrays.equals(address, address(host));
    }
    return host.equals(pattern) || host.endsWith("." + pattern);
  }

  private static boolean matchesRange(String network, String length, String host) {
    byte[] base = address(bare(network));
    byte[] address = address(host);
    if (base.length == 0 || base.length != address.length || !length.matches("[0-9]{1,3}")) {
      return false;
    }
    int bits = Integer.parseInt(length);
    return bits <= base.length * 8 && inRange(address, base, bits);
  }

  private static boolean inRange(byte[] address, byte[] base, int bits) {
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((address[i / 8] & mask) != (base[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** The address written in the text; empty if it is a name. Never asks the DNS. */
  private static byte[] address(String text) {
    try {
      if (text.indexOf(':') >= 0 || IPV4.matcher(text).matches()) {
        return java.net.InetAddress.ofLiteral(text).getAddress();
      }
    } catch (IllegalArgumentException e) {
      // A name that only looks like an address.
    }
    return new byte[0];
  }

  private static String bare(String host) {
    String name =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
