package io.mirrorimages.registry;

import io.mirrorimages.route.TlsOptions;
import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * TLS as a side's options ask for it. The client certificate is shown to the registries only, never
 * to a server that one of them names in a redirect or a challenge.
 */
final class SideTls implements TlsSocketStrategy {
  private final TlsSocketStrategy registries;
  private final TlsSocketStrategy others;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  SideTls(TlsOptions options) {
    this.registries = strategy(options.registryContext(), options.insecureSkipVerify());
    this.others =
        options.certFile().isPresent()
            ? strategy(options.foreignContext(), options.insecureSkipVerify())
            : registries;
  }

  void isRegistry(Url server) {
    known.add(key(server.host(), server.port()));
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String host, int port, Object attachment, HttpContext context)
      throws IOException {
    TlsSocketStrategy strategy = known.contains(key(host, port)) ? registries : others;
    return strategy.upgrade(socket, host, port, attachment, context);
  }

  private static String key(String host, int port) {
    return host.replace("[", "").replace("]", "") + " " + (port < 0 ? 443 : port);
  }

  private static TlsSocketStrategy strategy(SSLContext context, boolean anyName) {
    return anyName
        ? new DefaultClientTlsStrategy(
            context, HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE)
        : new DefaultClientTlsStrategy(
            context, HostnameVerificationPolicy.BOTH, HttpsSupport.getDefaultHostnameVerifier());
  }
}
