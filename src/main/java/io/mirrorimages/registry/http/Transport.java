package io.mirrorimages.registry.http;

import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.route.EnvironmentProxy.Proxy;
import io.mirrorimages.route.TlsOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.cookie.CookieSpecFactory;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * The one HTTP client and connection pool of a side: sends a request as it is and gives the answer
 * as it came. Everything a client does of its own accord is off: decoding, redirects, retries,
 * cookies (Harbor asks who sends one for a CSRF token), authentication. Thread-safe.
 */
public final class Transport implements Closeable {
  private static final int BUFFER = 128 * 1024;
  // How many bytes go out between two looks for an early answer; a look costs 1 ms with TLS.
  private static final int EARLY_ANSWER_STEP = 1024 * 1024;
  // The budgets of the hosts limit what is open at once; the pool must not do so before them.
  private static final int CONNECTIONS = 4096;

  private final EnvironmentProxy proxy;
  private final Timeouts timeouts;
  private final SideTls tls;
  private final ConnectPatience patience;
  private final CloseableHttpClient client;
  private volatile boolean closed;

  /**
   * Reads certificate files; makes no connection.
   *
   * @param userAgent the {@code User-Agent} header
   */
  public Transport(TlsOptions tls, EnvironmentProxy proxy, Timeouts timeouts, String userAgent) {
    this.proxy = proxy;
    this.timeouts = timeouts;
    this.tls = new SideTls(tls);
    this.patience = new ConnectPatience(timeouts);
    Http1Config buffers = Http1Config.custom().setBufferSize(BUFFER).build();
    Timeout connect = timeout(timeouts.connect());
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setTlsSocketStrategy(this.tls)
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(buffers)
                    .responseOutOfOrderStrategy(
                        new MonitoringResponseOutOfOrderStrategy(EARLY_ANSWER_STEP))
                    .build())
            .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(connect).build())
            .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
            .setConnectionConfigResolver(route -> patience.towards(route.getTargetHost()))
            .setMaxConnTotal(CONNECTIONS)
            .setMaxConnPerRoute(CONNECTIONS)
            .build();
    this.client =
        HttpClientBuilder.create()
            .setConnectionManager(connections)
            .setRequestExecutor(new EarlyAnswerExecutor())
            .setRoutePlanner(new Routes())
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

  /** Names a server as one that others stand in for: connecting to it takes less patience. */
  public void isReplaceable(Url server) {
    patience.isReplaceable(server);
  }

  /** Names a host as one of the user's registries: only those see the client certificate. */
  public void isRegistry(Url server) {
    tls.isRegistry(server);
  }

  /** Names certificates for one server alone. */
  public void hasItsOwnTls(Url server, TlsOptions options) {
    tls.hasItsOwn(server, options);
  }

  /** The proxy that a request goes through. */
  public Optional<Proxy> proxyOf(Url url) {
    return proxy.find(url.scheme(), url.host(), url.port());
  }

  /** Refuses a connection that would go through a proxy of which nothing can be made. */
  void checkProxy(Url url) throws MirrorException {
    Optional<String> problem = proxyOf(url).flatMap(Proxy::problem);
    if (problem.isPresent()) {
      throw new MirrorException(
          Reason.NETWORK,
          problem.get()
              + ", so there is no way to "
              + url.authority()
              + ": correct it, or except that host in NO_PROXY");
    }
  }

  /**
   * Sends one request. The answer's body is still on the wire; the caller closes it.
   *
   * @param authorization the value of that header; empty for none
   * @param requestId by which the server's log can be searched
   */
  public Answer send(Call call, Optional<String> authorization, String requestId)
      throws IOException {
    Url url = call.url();
    checkProxy(url);
    HttpUriRequestBase request =
        new HttpUriRequestBase(
            call.method(), URI.create(url.scheme() + "://" + url.authority() + "/"));
    request.setPath(url.target());
    request.setConfig(
        RequestConfig.custom()
            .setResponseTimeout(timeout(call.patience()))
            .setAuthenticationEnabled(proxyOf(url).flatMap(Proxy::credential).isPresent())
            .setProtocolUpgradeEnabled(false)
            .build());
    call.headers().forEach(request::setHeader);
    request.setHeader("X-Request-ID", requestId);
    authorization.ifPresent(value -> request.setHeader("Authorization", value));
    if (!url.isHttps()) {
      proxyOf(url)
          .flatMap(Proxy::credential)
          .ifPresent(c -> request.setHeader("Proxy-Authorization", basic(c)));
    }
    try {
      return new Answer(call, requestId, request, execute(request, call));
    } catch (IOException | IllegalStateException e) {
      if (closed) {
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(e);
        throw interrupted;
      }
      throw e;
    }
  }

  private org.apache.hc.core5.http.ClassicHttpResponse execute(
      HttpUriRequestBase request, Call call) throws IOException {
    HttpHost target = host(call.url());
    switch (call.body()) {
      case Call.Nothing nothing -> {
        if (!call.isRead()) {
          request.setEntity(new ByteArrayEntity(new byte[0], null));
        }
      }
      case Call.Bytes(byte[] bytes, String mediaType) ->
          request.setEntity(new ByteArrayEntity(bytes, ContentType.parse(mediaType)));
      case Call.Once once -> {
        return upload(request, target, new SizedBody(once), context(call.url()));
      }
    }
    return client.executeOpen(target, request, context(call.url()));
  }

  private org.apache.hc.core5.http.ClassicHttpResponse upload(
      HttpUriRequestBase request, HttpHost target, SizedBody body, HttpClientContext context)
      throws IOException {
    request.setEntity(body);
    EarlyAnswerExecutor.announce(body, context);
    try (StallGuard guard = StallGuard.over(request, body, timeouts.stall())) {
      try {
        return client.executeOpen(target, request, context);
      } catch (IOException e) {
        if (body.readFailure().isPresent()) {
          throw new ContentException(body.readFailure().get());
        }
        if (guard.hasStruck()) {
          throw new SocketTimeoutException("the server takes no more bytes");
        }
        throw e;
      }
    }
  }

  /** For tunnels the client answers the proxy's challenge itself. */
  private HttpClientContext context(Url url) {
    HttpClientContext context = HttpClientContext.create();
    proxyOf(url)
        .ifPresent(
            p ->
                p.credential()
                    .ifPresent(
                        c -> {
                          BasicCredentialsProvider provider = new BasicCredentialsProvider();
                          provider.setCredentials(
                              new AuthScope(p.host(), p.port()),
                              new UsernamePasswordCredentials(
                                  c.username(), c.secret().toCharArray()));
                          context.setCredentialsProvider(provider);
                        }));
    return context;
  }

  /** The {@code Authorization} header of a user and a password. */
  public static String basic(io.mirrorimages.route.Credential credential) {
    String plain = credential.username() + ":" + credential.secret();
    return "Basic "
        + Base64.getEncoder()
            .encodeToString(plain.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static HttpHost host(Url url) {
    String host = url.host();
    return new HttpHost(
        url.scheme(),
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        url.explicitPort());
  }

  private static Timeout timeout(java.time.Duration duration) {
    return Timeout.of(duration.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** At once: requests under way fail, which is how a blocked reader is told to stop. */
  @Override
  public void close() {
    closed = true;
    client.close(CloseMode.IMMEDIATE);
  }

  /** Direct, or through the environment's proxy. */
  private final class Routes extends DefaultRoutePlanner {
    Routes() {
      super(null);
    }

    @Override
    protected HttpHost determineProxy(HttpHost target, HttpContext context) {
      boolean https = target.getSchemeName().equals("https");
      int port = target.getPort() > 0 ? target.getPort() : https ? 443 : 80;
      return proxy
          .find(target.getSchemeName(), target.getHostName(), port)
          .map(p -> new HttpHost("http", p.host(), p.port()))
          .orElse(null);
    }
  }
}
