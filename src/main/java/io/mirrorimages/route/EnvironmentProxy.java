package io.mirrorimages.route;

import io.mirrorimages.image.InvalidContentException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} name, in either case,
 * by the rules that curl and Go have made common. Immutable and thread-safe.
 */
public final class EnvironmentProxy {
  private final Optional<Proxy> https;
  private final Optional<Proxy> http;
  private final NoProxy exceptions;

  private EnvironmentProxy(Optional<Proxy> https, Optional<Proxy> http, NoProxy exceptions) {
    this.https = https;
    this.http = http;
    this.exceptions = exceptions;
  }

  /**
   * A proxy, spoken to over plain http.
   *
   * @param host its name or address
   * @param port its port
   * @param credential what it wants to know, if the variable says so
   */
  public record Proxy(String host, int port, Optional<Credential> credential) {
    /** {@code host:port}. */
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** Every connection is direct. */
  public static EnvironmentProxy none() {
    return fromEnvironment(Map.of());
  }

  /**
   * What the variables say; the lower-case spelling goes before the upper-case one.
   *
   * @throws InvalidContentException naming the variable, if it is not a proxy; without its value,
   *     which may hold a password
   */
  public static EnvironmentProxy fromEnvironment(Map<String, String> environment) {
    return new EnvironmentProxy(
        proxy(environment, "https_proxy"),
        proxy(environment, "http_proxy"),
        new NoProxy(variable(environment, "no_proxy")));
  }

  /**
   * The proxy for a connection; empty for a direct one. Loopback is never proxied.
   *
   * @param scheme {@code https} or {@code http}
   * @param host name or address, IPv6 with or without brackets
   * @param port the effective port
   */
  public Optional<Proxy> find(String scheme, String host, int port) {
    Optional<Proxy> proxy = scheme.equals("https") ? https : http;
    return proxy.filter(p -> !exceptions.covers(host, port));
  }

  private static String variable(Map<String, String> environment, String name) {
    String lower = environment.getOrDefault(name, "");
    return lower.isEmpty()
        ? environment.getOrDefault(name.toUpperCase(java.util.Locale.ROOT), "")
        : lower;
  }

  private static Optional<Proxy> proxy(Map<String, String> environment, String name) {
    String value = variable(environment, name).strip();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    URI uri;
    try {
      uri = new URI(value.contains("://") ? value : "http://" + value);
    } catch (URISyntaxException e) {
      throw malformed(name);
    }
    if (uri.getHost() == null || !"http".equalsIgnoreCase(uri.getScheme())) {
      throw malformed(name);
    }
    return Optional.of(
        new Proxy(
            uri.getHost(),
            uri.getPort() < 0 ? 80 : uri.getPort(),
            Optional.ofNullable(uri.getRawUserInfo()).map(EnvironmentProxy::credential)));
  }

  private static Credential credential(String userInfo) {
    int colon = userInfo.indexOf(':');
    String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    return Credential.password(
        decode(user), colon < 0 ? "" : decode(userInfo.substring(colon + 1)));
  }

  private static String decode(String text) {
    // A plus sign is itself here, unlike in a form.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static InvalidContentException malformed(String name) {
    return new InvalidContentException(
        name.toUpperCase(java.util.Locale.ROOT)
            + " is not a proxy that can be used: http://[user:password@]host[:port]");
  }
}
