package io.mirrorimages.registry.http;

import io.mirrorimages.route.TlsOptions;
import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.Closer;

/**
 * TLS as a side's options ask for it. The client certificate is shown to the registries only, never
 * to a server that one of them names in a redirect or a challenge.
 */
final class SideTls implements TlsSocketStrategy {
  private final Lazy registries;
  private final Lazy others;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<String, Lazy> own = new ConcurrentHashMap<>();
  private final Timeouts timeouts;
  private final Watchdog watchdog;

  /**
   * Files that can't be used are found out here; the system's own certificates are read when first
   * needed, for they are many.
   */
  SideTls(TlsOptions options, Timeouts timeouts, Watchdog watchdog) {
    this.timeouts = timeouts;
    this.watchdog = watchdog;
    boolean anyName = options.insecureSkipVerify();
    this.registries = new Lazy(() -> strategy(options.registryContext(), anyName));
    this.others =
        options.certFile().isPresent()
            ? new Lazy(() -> strategy(options.foreignContext(), anyName))
            : registries;
    if (options.asksForTls()) {
      registries.get();
      others.get();
    }
  }

  void isRegistry(Url server) {
    known.add(key(server.host(), server.port()));
  }

  /** What is said of one server goes before what is said of the side; its files are read late. */
  void hasItsOwn(Url server, TlsOptions options) {
    own.put(
        key(server.host(), server.port()),
        new Lazy(() -> strategy(options.registryContext(), options.insecureSkipVerify())));
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String host, int port, Object attachment, HttpContext context)
      throws IOException {
    String key = key(host, port);
    Lazy strategy = own.getOrDefault(key, known.contains(key) ? registries : others);
    try (Watch watch = watchdog.over(() -> Closer.closeQuietly(socket))) {
      watch.allow(timeouts.wholeHandshake());
      watch.waiting();
      try {
        return strategy.get().upgrade(socket, host, port, attachment, context);
      } catch (IOException e) {
        throw watch.hasStruck() ? watch.failure(e) : e;
      }
    }
  }

  /** Made at the first use. */
  private static final class Lazy {
    private final Supplier<TlsSocketStrategy> maker;
    private TlsSocketStrategy made;

    Lazy(Supplier<TlsSocketStrategy> maker) {
      this.maker = maker;
    }

    synchronized TlsSocketStrategy get() {
      if (made == null) {
        made = maker.get();
      }
      return made;
    }
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
