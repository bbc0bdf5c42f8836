package io.mirrorimages.registry.client;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Reference;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.auth.Challenge;
import io.mirrorimages.registry.auth.Realm;
import io.mirrorimages.registry.http.Connector;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.TlsHandshake;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.route.EnvironmentProxy.Proxy;
import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;

/**
 * Takes one request to a registry apart, step by step, to find the step that fails. Retries
 * nothing, and sends no secret. Used by one thread; calls block.
 */
public final class ConnectionDiagnostics {
  private final RegistryClient client;
  private final Transport transport;
  private final RegistrySettings settings;
  private final Connector connector;
  private final Url server;

  /** The way to one registry; makes no request yet. */
  public ConnectionDiagnostics(
      RegistryClient client, Transport transport, RegistrySettings settings) {
    this.client = client;
    this.transport = transport;
    this.settings = settings;
    this.connector = new Connector(transport, settings.timeouts());
    this.server = Url.origin("https", DockerHub.serverOf(client.registry()));
  }

  /**
   * What a server shows of itself in a TLS handshake, not judged yet.
   *
   * @param chain the certificates that were sent, its own first
   * @param protocol as in {@code TLSv1.3}
   * @param named whether the first is for the name that the server was asked by
   * @param distrust why no authority that is known here vouches for the chain; empty if one does
   */
  public record Certificates(
      List<X509Certificate> chain, String protocol, boolean named, Optional<Exception> distrust) {
    /** Copies the list. */
    public Certificates {
      chain = List.copyOf(chain);
    }
  }

  /**
   * The first response, to a request without credentials.
   *
   * @param status the HTTP status
   * @param webPage whether it is a page for people
   * @param ahead how far the server's clock is before this machine's, to the second; empty if it
   *     does not say
   * @param software what it says it is: its {@code Server} header, or empty
   */
  public record Hello(int status, boolean webPage, Optional<Duration> ahead, String software) {}

  /**
   * The token service that the registry sends everybody to.
   *
   * @param host where it is asked
   * @param plainHttp whether the registry names it with http, though it is reached by https itself
   * @param trusted whether the registry's credentials are sent there
   * @param hello its answer to a request without credentials
   */
  public record Tokens(String host, boolean plainHttp, boolean trusted, Hello hello) {}

  /** The host that is connected to, without its port. */
  public String host() {
    return server.host();
  }

  /** {@code host[:port]} of what stands in between; empty if nothing does. */
  public Optional<String> proxy() throws IOException {
    return transport.proxyOf(client.url("")).map(Proxy::toString);
  }

  /** {@code host:port} of the registry. Asks it which scheme it speaks, where that is not given. */
  public String address() throws IOException {
    Url url = client.url("");
    return url.host() + ":" + url.port();
  }

  /** Whether it is spoken to by https. */
  public boolean isHttps() throws IOException {
    return client.url("").isHttps();
  }

  /** Whether the user has said that any certificate is good enough. */
  public boolean takesAnyCertificate() {
    return settings.tls().insecureSkipVerify();
  }

  /**
   * Makes a connection, through the proxy if there is one, and ends it.
   *
   * @return the addresses that were tried before in vain, where the name has several
   */
  public List<String> connect() throws IOException {
    List<String> silent = new ArrayList<>();
    connector.open(client.url(""), silent).close();
    return silent;
  }

  /** Makes a TLS connection with any certificate, sends nothing on it, and ends it. */
  public Certificates certificates() throws IOException {
    Url url = client.url("");
    TlsOptions said = settings.tls();
    try {
      TlsHandshake shown = TlsHandshake.with(url, said, connector);
      List<X509Certificate> chain = shown.chain();
      return new Certificates(
          chain,
          shown.protocol(),
          isNamed(url.bareHost(), chain.getFirst()),
          said.distrust(chain, url.bareHost(), url.port()).map(Exception.class::cast));
    } catch (IOException e) {
      throw Failures.of(e, url, transport);
    }
  }

  /** As for the transfers themselves. */
  private static boolean isNamed(String host, X509Certificate certificate) {
    try {
      new DefaultHostnameVerifier().verify(host, certificate);
      return true;
    } catch (SSLException e) {
      return false;
    }
  }

  /** Asks whether there is a registry (end-1). */
  public Hello hello() throws IOException {
    Instant before = Instant.now();
    try (Response answer = new RegistryPing(client).ask()) {
      if (answer.status() == 401) {
        client.authenticator().learn(Challenge.parse(answer.headers("WWW-Authenticate")));
      }
      return hello(answer, before);
    }
  }

  /**
   * Asks the token service that the registry names for nothing; empty if it names none. After
   * {@link #hello}.
   *
   * @throws TransferException {@link FailureKind#DENIED} if it names one that must not be asked
   */
  public Optional<Tokens> tokens() throws IOException {
    Optional<Challenge> wanted =
        client.authenticator().challenge().filter(c -> c.scheme().equals("bearer"));
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Url registry = client.url("");
    String named = wanted.get().parameter("realm");
    Realm realm = Realm.of(named, registry, settings.trust());
    realm.refuseInternal(registry, transport);
    String service = wanted.get().parameter("service");
    Url url = service.isEmpty() ? realm.url() : realm.url().with("service", service);
    Instant before = Instant.now();
    try (Response answer =
        Realm.redirects(registry, settings.trust(), transport)
            .send(Request.of("GET", url, settings.timeouts().stall()))) {
      return Optional.of(
          new Tokens(
              realm.url().authority(),
              registry.isHttps() && !registry.resolve(named).isHttps(),
              realm.trusted(),
              hello(answer, before)));
    } catch (IOException e) {
      throw realm.explained(Failures.of(e, realm.url(), transport), registry);
    }
  }

  /** Reads and closes the answer. The Date has no more than seconds: they are rounded to here. */
  private static Hello hello(Response answer, Instant before) {
    Duration under = Duration.between(before, Instant.now());
    Optional<Duration> ahead =
        Failures.date(answer)
            .map(date -> Duration.between(before.plus(under.dividedBy(2)), date.plusMillis(500)))
            .map(d -> Duration.ofSeconds(Math.round(d.toMillis() / 1000.0)));
    Hello hello =
        new Hello(answer.status(), answer.isHtml(), ahead, answer.header("Server").orElse(""));
    answer.finish();
    return hello;
  }

  /** The login, in words without the secret; empty for an anonymous user. */
  public Optional<String> asker() throws IOException {
    return client
        .authenticator()
        .credential(Access.none(Reference.checkRegistry(client.registry())))
        .map(Credential::toString);
  }
}
