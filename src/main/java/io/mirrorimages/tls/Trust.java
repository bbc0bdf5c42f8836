package io.mirrorimages.tls;

import java.util.Map;
import java.util.Set;

/**
 * What a user said of single hosts, beside what holds for a whole side.
 *
 * @param tls certificates and scheme of hosts that have their own, by {@code host[:port]} as images
 *     name it
 * @param tokenServices {@code host} or {@code host:port} of token services that may be sent the
 *     credentials of the registries that name them, wherever they are
 * @param httpRedirects whether https may lead on to http, where a digest proves what is read
 */
public record Trust(Map<String, TlsOptions> tls, Set<String> tokenServices, boolean httpRedirects) {
  /** Nothing was said. */
  public static final Trust NONE = new Trust(Map.of(), Set.of(), false);

  /** Copies both. */
  public Trust {
    tls = Map.copyOf(tls);
    tokenServices = Set.copyOf(tokenServices);
  }

  /** Whether a user named this host, with or without its port, as a token service. */
  public boolean isTokenService(String host, int port) {
    return tokenServices.contains(host) || tokenServices.contains(host + ":" + port);
  }
}
