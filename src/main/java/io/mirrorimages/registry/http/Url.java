package io.mirrorimages.registry.http;

import java.net.Inet6Address;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An http or https address whose path and query stay byte for byte what a server sent: signatures
 * and upload states in them do not survive decoding. So this is not a {@link java.net.URI}, which
 * also refuses characters that servers send.
 *
 * @param scheme {@code https} or {@code http}
 * @param host lower case, IPv6 in brackets
 * @param port the effective port
 * @param target path and query as sent in a request line, beginning with a slash
 */
public record Url(String scheme, String host, int port, String target) {
  private static final Pattern ABSOLUTE =
      Pattern.compile(
          "(?i)(https?)://([a-z0-9_][a-z0-9._-]{0,254}|\\[[0-9a-f:.]+])"
              + "(?::([0-9]{1,5}))?([/?][^#]*)?(?:#.*)?");
  private static final Pattern OTHER_SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://");
  private static final int LAST_PORT = 65_535;

  /** An address without path, for a registry given as {@code host[:port]}. */
  public static Url origin(String scheme, String hostAndPort) {
    return parse(scheme + "://" + hostAndPort + "/");
  }

  /** Reads an absolute address; {@link IllegalArgumentException} if it is none of ours. */
  public static Url parse(String text) {
    Matcher parts = ABSOLUTE.matcher(text);
    if (!parts.matches() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("not an http address");
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    String host = parts.group(2).toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      Inet6Address.ofLiteral(host.substring(1, host.length() - 1));
    }
    int port = parts.group(3) == null ? defaultPort(scheme) : Integer.parseInt(parts.group(3));
    if (port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException("no port: " + port);
    }
    String target = parts.group(4) == null ? "/" : parts.group(4);
    return new Url(scheme, host, port, target.startsWith("/") ? target : "/" + target);
  }

  /**
   * Where a {@code Location} of an answer from this address points (RFC 9110, 10.2.2; RFC 3986,
   * 5.2); {@link IllegalArgumentException} if nowhere. What an address must not contain, blanks and
   * bytes beyond ASCII, is escaped as curl does.
   */
  public Url resolve(String location) {
    String escaped = escaped(location.strip());
    if (escaped.regionMatches(true, 0, "http://", 0, 7)
        || escaped.regionMatches(true, 0, "https://", 0, 8)) {
      return parse(escaped).withoutDots();
    }
    if (escaped.isEmpty()) {
      return this;
    }
    if (OTHER_SCHEME.matcher(escaped).lookingAt()) {
      throw new IllegalArgumentException("not an http address");
    }
    if (escaped.startsWith("//")) {
      return parse(scheme + ":" + escaped).withoutDots();
    }
    if (escaped.startsWith("/")) {
      return parse(origin() + escaped).withoutDots();
    }
    String path = path();
    return parse(
            origin()
                + (escaped.startsWith("?")
                    ? path + escaped
                    : path.substring(0, path.lastIndexOf('/') + 1) + escaped))
        .withoutDots();
  }

  /** A header's characters are its bytes (ISO 8859-1). Control characters stay, and are refused. */
  private static String escaped(String location) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < location.length(); i++) {
      char c = location.charAt(i);
      if (c == ' ' || (c >= 0x80 && c <= 0xff)) {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** Without the segments {@code .} and {@code ..} in its path (RFC 3986, 5.2.4). */
  private Url withoutDots() {
    String path = path();
    if (!path.contains("/.")) {
      return this;
    }
    Deque<String> segments = new ArrayDeque<>();
    String[] all = path.substring(1).split("/", -1);
    for (int i = 0; i < all.length; i++) {
      boolean last = i == all.length - 1;
      if (all[i].equals("..")) {
        segments.pollLast();
      } else if (!all[i].equals(".")) {
        segments.add(all[i]);
        continue;
      }
      if (last) {
        segments.add("");
      }
    }
    return at("/" + String.join("/", segments) + target.substring(path.length()));
  }

  /** The same server, another path and query. */
  public Url at(String otherTarget) {
    return new Url(scheme, host, port, otherTarget);
  }

  /** The same path and query at another server. */
  public Url on(Url server) {
    return new Url(server.scheme, server.host, server.port, target);
  }

  /**
   * The same over https, if this is http on the very host of {@code server}, which speaks https:
   * behind a TLS terminator a server names the scheme, and the port, that it sees itself.
   */
  public Url keepingHttpsOf(Url server) {
    return server.isHttps() && !isHttps() && host.equals(server.host)
        ? new Url("https", host, port == 80 ? server.port : port, target)
        : this;
  }

  /** With one more query parameter behind the others, which stay untouched. */
  public Url with(String name, String value) {
    char separator = target.indexOf('?') < 0 ? '?' : '&';
    String encoded = java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8);
    return at(target + separator + name + "=" + encoded);
  }

  /** Whether credentials for one are meant for the other: same scheme, host and port. */
  public boolean sameOrigin(Url other) {
    return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
  }

  /** Whether it is reached over TLS. */
  public boolean isHttps() {
    return scheme.equals("https");
  }

  /** The host as sockets take it: IPv6 without brackets. */
  public String bareHost() {
    return host.replace("[", "").replace("]", "");
  }

  /** The port as {@code -1} where it is the scheme's own, so that it is not written out. */
  int explicitPort() {
    return port == defaultPort(scheme) ? -1 : port;
  }

  /** {@code host} or {@code host:port}. */
  public String authority() {
    return explicitPort() < 0 ? host : host + ":" + port;
  }

  /** Scheme, host and port, written out: which server it is. */
  public String server() {
    return scheme + "://" + host + ":" + port;
  }

  private String origin() {
    return scheme + "://" + authority();
  }

  private String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** All of it, also what is not for messages; {@link #parse} reads it again. */
  public String full() {
    return origin() + target;
  }

  /** Without the query, which may hold a signature or a state: safe in messages. */
  @Override
  public String toString() {
    return origin() + path();
  }
}
