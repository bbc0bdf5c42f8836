package io.mirrorimages.registry.http;

import io.mirrorimages.registry.http.wire.Timeouts;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * How long a connection to a server may take to stand: less where another server can be asked
 * instead. Thread-safe.
 */
final class ConnectPatience {
  private final Timeouts timeouts;
  private final Set<String> replaceables = ConcurrentHashMap.newKeySet();

  ConnectPatience(Timeouts timeouts) {
    this.timeouts = timeouts;
  }

  void isReplaceable(Url server) {
    replaceables.add(key(server.host(), server.port()));
  }

  ConnectionConfig towards(HttpHost host) {
    int usual = host.getSchemeName().equals("https") ? 443 : 80;
    int port = host.getPort() > 0 ? host.getPort() : usual;
    boolean replaceable = replaceables.contains(key(host.getHostName(), port));
    return ConnectionConfig.custom()
        .setConnectTimeout(timeout((replaceable ? timeouts.forMirrors() : timeouts).connect()))
        .setSocketTimeout(timeout(timeouts.stall()))
        // Always: servers close connections within less than a second, and say nothing.
        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
        .setIdleTimeout(Timeout.ofSeconds(50))
        .build();
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.ofMilliseconds(duration.toMillis());
  }

  private static String key(String host, int port) {
    return host.replace("[", "").replace("]", "") + " " + port;
  }
}
