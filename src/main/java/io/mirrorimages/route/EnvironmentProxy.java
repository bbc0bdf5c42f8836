package io.mirrorimages.route;

import io.mirrorimages.credential.Credential;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}
 * name, in either case, by the rules that curl and Go have made common. Immutable and thread-safe.
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
   * @param host its name, or its address without brackets
   * @param port its port
   * @param credential what it wants to know, if the variable says so
   * @param problem why it can't be used (then {@code host} is the variable's name), in words that
   *     do not repeat the variable's value, which may hold a password; it matters only to a
   *     connection that needs this proxy
   */
  public record Proxy(
      String host, int port, Optional<Credential> credential, Optional<String> problem) {

    /** One that can be used. */
    Proxy(String host, int port, Optional<Credential> credential) {
      this(host, port, credential, Optional.empty());
    }

    /** {@code host:port}; the variable, if there is no such thing in it. */
    @Override
    public String toString() {
      return problem.isPresent()
          ? host
          : (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /** Every connection is direct. */
  public static EnvironmentProxy none() {
    return fromEnvironment(Map.of());
  }

  /** What the variables say; the lower-case spelling goes before the upper-case one. */
  public static EnvironmentProxy fromEnvironment(Map<String, String> environment) {
    return new EnvironmentProxy(
        proxy(environment, "https_proxy"),
        proxy(environment, "http_proxy"),
        new NoProxy(variable(environment, List.of("no_proxy")).map(environment::get).orElse("")));
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

  private static Optional<Proxy> proxy(Map<String, String> environment, String name) {
    return variable(environment, List.of(name, "all_proxy"))
        .map(found -> ProxyAddress.parse(environment.getOrDefault(found, ""), found));
  }

  /** The name of the first of these that is set to anything, in either case. */
  private static Optional<String> variable(Map<String, String> environment, List<String> names) {
    return names.stream()
        .mapMulti(
            (String name, java.util.function.Consumer<String> spellings) -> {
              spellings.accept(name);
              spellings.accept(name.toUpperCase(Locale.ROOT));
            })
        .filter(name -> !environment.getOrDefault(name, "").isBlank())
        .findFirst();
  }
}
