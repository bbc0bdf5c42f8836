package io.mirrorimages.registry.http;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Side;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.wire.BodyWait;
import io.mirrorimages.registry.http.wire.ConnectionLimit;
import io.mirrorimages.registry.http.wire.ExchangeWatch;
import io.mirrorimages.registry.http.wire.StaleConnectionException;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.http.wire.Watchdog;
import io.mirrorimages.registry.http.wire.WireExecutor;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.route.EnvironmentProxy.Proxy;
import io.mirrorimages.secret.Secrets;
import io.mirrorimages.tls.TlsOptions;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * The one HTTP client and connection pool of a side: sends a request as it is and gives the answer
 * as it came. A request that met a connection which the server had closed in silence goes out again
 * on another, at once. Thread-safe.
 */
public final class Transport implements Exchange, Closeable {
  // Each drops all that are idle; more are lost only where connections die as they are made.
  private static final int MOST_STALE = 3;

  private final EnvironmentProxy proxy;
  private final Timeouts timeouts;
  private final SideTls tls;
  private final ConnectPatience patience;
  private final Watchdog watchdog;
  private final PooledClient client;
  private final Map<String, ConnectionLimit> limits = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile Side side = Side.ANY;
  private volatile Exchange stages = this::transmit;

  /**
   * Reads certificate files; makes no connection.
   *
   * @param userAgent the {@code User-Agent} header
   */
  public Transport(TlsOptions tls, EnvironmentProxy proxy, Timeouts timeouts, String userAgent) {
    this.proxy = proxy;
    this.timeouts = timeouts;
    this.watchdog = new Watchdog(timeouts.stall());
    this.tls = new SideTls(tls, timeouts, watchdog);
    this.patience = new ConnectPatience(timeouts);
    this.client = new PooledClient(this.tls, patience, proxy, timeouts, userAgent);
  }

  /** Names a server as one that others stand in for: connecting to it takes less patience. */
  public void isReplaceable(Url server) {
    patience.isReplaceable(server);
  }

  /**
   * Puts a stage before the wire, and before the stages that are there already; every request of
   * the side passes it. To be called before the first request.
   */
  public void insert(UnaryOperator<Exchange> stage) {
    stages = stage.apply(stages);
  }

  /** Names the side, where a run has two; to be called before the first request. */
  public void isOf(Side other) {
    side = other;
  }

  /** The side whose settings a failure advises. */
  public Side side() {
    return side;
  }

  /** Names a host as one of the user's registries: only those see the client certificate. */
  public void isRegistry(Url server) {
    tls.isRegistry(server);
  }

  /** Names certificates for one server alone. */
  public void hasItsOwnTls(Url server, TlsOptions options) {
    tls.hasItsOwn(server, options);
  }

  /** How many bytes a connection to the server of an address carries. */
  public ConnectionLimit connectionLimit(Url url) {
    return limits.computeIfAbsent(url.server(), server -> new ConnectionLimit());
  }

  /** The proxy that a request goes through. */
  public Optional<Proxy> proxyOf(Url url) {
    return proxy.find(url.scheme(), url.host(), url.port());
  }

  /** Refuses a connection that would go through a proxy of which nothing can be made. */
  void checkProxy(Url url) throws TransferException {
    Optional<String> problem = proxyOf(url).flatMap(Proxy::problem);
    if (problem.isPresent()) {
      throw new TransferException(
          FailureKind.NETWORK,
          problem.get()
              + ", so there is no way to "
              + url.authority()
              + ": correct it, or except that host in NO_PROXY");
    }
  }

  /** Sends one request; follows no redirect. */
  @Override
  public Response send(Request call) throws IOException {
    return stages.send(call);
  }

  private Response transmit(Request call) throws IOException {
    HttpUriRequestBase request = request(call);
    ExchangeWatch watch = watchdog.over(request::cancel);
    boolean answered = false;
    try {
      Response answer =
          new Response(
              call, request, repeatedly(call, request, watch), new BodyWait(watch, timeouts));
      answered = true;
      return answer;
    } catch (IOException | IllegalStateException e) {
      if (closed) {
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(e);
        throw interrupted;
      }
      if (watch.hasStruck()) {
        throw watch.failure(e);
      }
      throw e;
    } catch (Error e) {
      // The HTTP client closes all its connections after one, and the other requests have to know.
      close();
      throw e;
    } finally {
      if (!answered) {
        watch.close();
      }
    }
  }

  private HttpUriRequestBase request(Request call) throws TransferException {
    Url url = call.url();
    checkProxy(url);
    call.authorization().ifPresent(Secrets::addAuthorization);
    proxyOf(url).flatMap(Proxy::credential).ifPresent(c -> Secrets.addAuthorization(basic(c)));
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
    // Without it any coding may come (RFC 9110, 12.5.3).
    request.setHeader("Accept-Encoding", ContentCoding.IDENTITY);
    request.setHeader("X-Request-ID", call.trace().requestId());
    call.authorization().ifPresent(value -> request.setHeader("Authorization", value));
    if (!url.isHttps()) {
      proxyOf(url)
          .flatMap(Proxy::credential)
          .ifPresent(c -> request.setHeader("Proxy-Authorization", basic(c)));
    }
    return request;
  }

  private ClassicHttpResponse repeatedly(
      Request call, HttpUriRequestBase request, ExchangeWatch watch) throws IOException {
    Optional<SizedBody> body = body(call, watch);
    body.ifPresent(request::setEntity);
    if (body.isEmpty() && !call.isRead()) {
      request.setEntity(new ByteArrayEntity(new byte[0], null));
    }
    for (int stale = 0; ; stale++) {
      try {
        if (body.isPresent()) {
          body.get().prepare();
        }
        watch.allowAtLeastRate(timeouts.slowness());
        HttpClientContext context = context(call.url());
        WireExecutor.announce(watch, connectionLimit(call.url()), context);
        return client.send(host(call.url()), request, context);
      } catch (StaleConnectionException e) {
        client.dropIdle();
        if (stale == MOST_STALE || !mayRepeat(call, body)) {
          throw e.original();
        }
      } catch (IOException e) {
        if (body.isPresent()) {
          // What the others have carried already, the line may cut next.
          client.dropIdle();
        }
        throw e;
      }
    }
  }

  private static Optional<SizedBody> body(Request call, ExchangeWatch watch) {
    return switch (call.body()) {
      case Request.Nothing nothing -> Optional.empty();
      case Request.Bytes(byte[] bytes, String mediaType) ->
          Optional.of(
              new SizedBody(
                  new Request.Once(new ByteArrayInputStream(bytes), bytes.length),
                  mediaType,
                  watch));
      case Request.Once once -> Optional.of(new SizedBody(once, "application/octet-stream", watch));
    };
  }

  /** A chunk of which more went out than its beginning may be stored; its sender asks for that. */
  private static boolean mayRepeat(Request call, Optional<SizedBody> body) throws IOException {
    return body.isEmpty()
        || (!(call.method().equals("PATCH") && body.get().isUnderWay()) && body.get().rewind());
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
  public static String basic(io.mirrorimages.credential.Credential credential) {
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

  /** At once: requests under way fail, which unblocks their readers. */
  @Override
  public void close() {
    closed = true;
    client.close();
    watchdog.close();
  }
}
