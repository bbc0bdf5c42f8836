package io.mirrorimages.registry.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.registry.http.wire.ExchangeWatch;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.http.wire.Watchdog;
import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
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
import org.jspecify.annotations.Nullable;

/**
 * TLS as a side's options ask for it. The client certificate is shown to the registries only, never
 * to a server that one of them names in a redirect or a challenge.
 */
final class SideTls implements TlsSocketStrategy {
  private final TlsOptions options;
  private final Lazy registries;
  private final ConcurrentMap<String, Url> known = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Lazy> own = new ConcurrentHashMap<>();
  private final Timeouts timeouts;
  private final Watchdog watchdog;
  private volatile Lazy others;

  /**
   * Files that were named and can't be used are found out here; the system's own certificates are
   * read when first needed, for they are many.
   */
  SideTls(TlsOptions options, Timeouts timeouts, Watchdog watchdog) {
    this.options = options;
    this.timeouts = timeouts;
    this.watchdog = watchdog;
    this.registries =
        new Lazy(() -> strategy(options.registryContext(), options.insecureSkipVerify()));
    this.others = new Lazy(this::forOthers);
    if (options.asksForTls()) {
      registries.get();
      others.get();
    }
  }

  void isRegistry(Url server) {
    if (known.putIfAbsent(key(server.host(), server.port()), server) == null
        && options.hasKept(server.bareHost(), server.port())) {
      keptFor(server.bareHost(), server.port(), true);
      others = new Lazy(this::forOthers);
    }
  }

  /** What is said of one server goes before what is said of the side; its files are read late. */
  void hasItsOwn(Url server, TlsOptions said) {
    TlsOptions here = said.with(options.kept());
    own.put(
        key(server.host(), server.port()),
        new Lazy(
            () ->
                strategy(
                    here.registryContext(server.bareHost(), server.port()),
                    here.insecureSkipVerify())));
  }

  /**
   * The token services and stores of a registry are often its own authority's, as docker has it.
   */
  private TlsSocketStrategy forOthers() {
    List<X509Certificate> authorities =
        known.values().stream()
            .flatMap(server -> options.authoritiesFor(server.bareHost(), server.port()).stream())
            .distinct()
            .toList();
    return authorities.isEmpty() && options.certFile().isEmpty()
        ? registries.get()
        : strategy(options.foreignContext(authorities), options.insecureSkipVerify());
  }

  /** Takes what the machine keeps for a server, unless something is said of it. */
  private void keptFor(String host, int port, boolean registry) {
    TlsOptions here = registry ? options : options.withoutCertificate();
    own.putIfAbsent(
        key(host, port),
        new Lazy(() -> strategy(here.registryContext(host, port), here.insecureSkipVerify())));
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String host, int port, Object attachment, HttpContext context)
      throws IOException {
    String key = key(host, port);
    if (!own.containsKey(key) && !known.containsKey(key) && options.hasKept(host, port)) {
      keptFor(host, port, false);
    }
    Lazy strategy = own.getOrDefault(key, known.containsKey(key) ? registries : others);
    try (ExchangeWatch watch = watchdog.over(() -> Closer.closeQuietly(socket))) {
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

    @GuardedBy("this")
    private @Nullable TlsSocketStrategy made;

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
