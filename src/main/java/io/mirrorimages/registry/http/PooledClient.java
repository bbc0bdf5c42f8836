package io.mirrorimages.registry.http;

import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.http.wire.WireExecutor;
import io.mirrorimages.route.EnvironmentProxy;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.cookie.CookieSpecFactory;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The library's client with its pool. Everything that it does of its own accord is off: decoding,
 * redirects, retries, cookies (Harbor wants a CSRF token with them), authentication. Thread-safe.
 */
final class PooledClient implements Closeable {
  private static final int BUFFER = 16 * 1024;
  // How many bytes go out between two looks for an early answer; a look costs 1 ms with TLS.
  private static final int EARLY_ANSWER_STEP = 1024 * 1024;
  // The budgets of the hosts limit what is open at once; the pool must not do so before them.
  private static final int CONNECTIONS = 4096;

  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient client;

  /** Makes no connection. */
  PooledClient(
      SideTls tls,
      ConnectPatience patience,
      EnvironmentProxy proxy,
      Timeouts timeouts,
      String userAgent) {
    Http1Config buffers = Http1Config.custom().setBufferSize(BUFFER).build();
    Timeout handshake = Timeout.of(timeouts.handshake().toMillis(), TimeUnit.MILLISECONDS);
    this.connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setTlsSocketStrategy(tls)
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(buffers)
                    .responseOutOfOrderStrategy(
                        new MonitoringResponseOutOfOrderStrategy(EARLY_ANSWER_STEP))
                    .build())
            .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(handshake).build())
            .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
            .setConnectionConfigResolver(route -> patience.towards(route.getTargetHost()))
            .setMaxConnTotal(CONNECTIONS)
            .setMaxConnPerRoute(CONNECTIONS)
            .build();
    this.client =
        HttpClientBuilder.create()
            .setConnectionManager(connections)
            .setRequestExecutor(new WireExecutor(timeouts))
            .setRoutePlanner(new ProxyRoutePlanner(proxy))
            .setUserAgent(userAgent)
            // Without cookies there is no need for the long list of public suffixes.
            .setDefaultCookieSpecRegistry(RegistryBuilder.<CookieSpecFactory>create().build())
            .disableContentCompression()
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableConnectionState()
            .build();
  }

  /** Sends a request; the caller closes the answer, whose body is on the wire. */
  ClassicHttpResponse send(HttpHost target, HttpUriRequestBase request, HttpClientContext context)
      throws IOException {
    return client.executeOpen(target, request, context);
  }

  /**
   * Closes all idle connections. One of them has turned out to be dead; where a firewall drops
   * connections, so are the others, and each would cost a request to find that out.
   */
  void dropIdle() {
    connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  /** Direct, or through the environment's proxy. */
  private static final class ProxyRoutePlanner extends DefaultRoutePlanner {
    private final EnvironmentProxy proxy;

    ProxyRoutePlanner(EnvironmentProxy proxy) {
      super(null);
      this.proxy = proxy;
    }

    @Override
    protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
      boolean https = target.getSchemeName().equals("https");
      int port = target.getPort() > 0 ? target.getPort() : https ? 443 : 80;
      return proxy
          .find(target.getSchemeName(), target.getHostName(), port)
          .map(p -> new HttpHost("http", p.host(), p.port()))
          .orElse(null);
    }
  }
}
