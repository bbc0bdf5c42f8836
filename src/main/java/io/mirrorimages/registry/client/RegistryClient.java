package io.mirrorimages.registry.client;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.Retries.Attempt;
import io.mirrorimages.failure.Side;
import io.mirrorimages.image.DockerHub;
import io.mirrorimages.registry.auth.Access;
import io.mirrorimages.registry.auth.Authenticator;
import io.mirrorimages.registry.auth.TokenService;
import io.mirrorimages.registry.http.Failures;
import io.mirrorimages.registry.http.Redirects;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.registry.http.wire.ContentException;
import io.mirrorimages.registry.http.wire.Timeouts;
import io.mirrorimages.registry.limit.Limits;
import io.mirrorimages.registry.limit.outage.HostWait;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One registry: every request to it passes its budget, carries the right Authorization, and is
 * followed through redirects. Thread-safe.
 */
public final class RegistryClient {
  private final String registry;
  private final Transport transport;
  private final Redirects redirects;
  private final RegistrySettings settings;
  private final Authenticator authenticator;
  private final Limits limits;
  private final Throttle throttle;
  private final Origin origin;
  private final String root;
  private final Optional<String> namespace;
  private final HeadRefusals refusals;
  private final ReentrantLock referrers;
  // Most requests of a client go to one server.
  private volatile @Nullable ServerLabel lastLabel;

  /**
   * @param limits what holds its requests up
   */
  public RegistryClient(
      String registry, Transport transport, RegistrySettings settings, Limits limits) {
    this(registry, new Origin(registry, transport, settings), "/v2", transport, settings, limits);
  }

  /**
   * A client of a registry that stands in for others.
   *
   * @param origin where it is reached
   * @param root the path that its API is below
   * @param limits what holds its requests up
   */
  public RegistryClient(
      String registry,
      Origin origin,
      String root,
      Transport transport,
      RegistrySettings settings,
      Limits limits) {
    this.registry = registry;
    this.transport = transport;
    this.redirects = new Redirects(transport, settings.trust().httpRedirects());
    this.settings = settings;
    this.origin = origin;
    this.root = root;
    this.namespace = Optional.empty();
    this.refusals = new HeadRefusals();
    this.referrers = new ReentrantLock();
    this.limits = limits;
    this.throttle = new Throttle(registry, settings, limits, this::label);
    this.authenticator =
        new Authenticator(
            settings.credentials(),
            new TokenService(
                transport, settings.timeouts(), settings.trust(), InstantSource.system()),
            InstantSource.system());
  }

  private RegistryClient(RegistryClient other, Optional<String> namespace, Limits limits) {
    this.registry = other.registry;
    this.transport = other.transport;
    this.redirects = other.redirects;
    this.settings = other.settings;
    this.origin = other.origin;
    this.root = other.root;
    this.limits = limits;
    this.throttle = new Throttle(registry, settings, limits, this::label);
    this.authenticator = other.authenticator;
    this.namespace = namespace;
    this.refusals = other.refusals;
    this.referrers = other.referrers;
  }

  /**
   * The same client, saying with each request which registry's images are meant, as containerd does
   * at mirrors: one that stands in for several can't know it otherwise.
   */
  public RegistryClient forImagesOf(String otherRegistry) {
    return new RegistryClient(this, Optional.of(otherRegistry), limits);
  }

  /** Which of a run's registries it is one of. */
  Side side() {
    return settings.side();
  }

  /** The same client where others can be asked in place of a long wait. */
  public RegistryClient withOthers() {
    return new RegistryClient(this, namespace, limits.withOthers());
  }

  /** Its name, as in image names. */
  public String registry() {
    return registry;
  }

  /** The lock of the lists of referrers there. */
  ReentrantLock referrers() {
    return referrers;
  }

  HeadRefusals refusals() {
    return refusals;
  }

  /** Whether its API is where the protocol has it, and not below a path of its own. */
  boolean isAtUsualRoot() {
    return (root + "/").startsWith("/v2/");
  }

  Authenticator authenticator() {
    return authenticator;
  }

  /** How long silence is accepted here. */
  public Timeouts timeouts() {
    return settings.timeouts();
  }

  /**
   * How many bytes of a blob a request should have at most, by what the line to the registry took
   * before it broke; {@link Long#MAX_VALUE} for any number.
   */
  public long mostPerRequest() throws IOException {
    return transport.connectionLimit(server()).body();
  }

  /** A path of the registry, which begins behind {@code /v2/}, as a full address. */
  public Url url(String path) throws IOException {
    Url url = server().at(root + "/" + path);
    return namespace.isPresent() ? url.with("ns", namespace.get()) : url;
  }

  /** Where it is reached; that may have to be found out first. */
  private Url server() throws IOException {
    try {
      return found();
    } catch (IOException e) {
      throw survived(e);
    }
  }

  /** A request with the usual patience. */
  public Request call(String method, String path) throws IOException {
    return call(method, path, settings.timeouts().stall());
  }

  /** A request whose answer may take {@code patience}. */
  public Request call(String method, String path, Duration patience) throws IOException {
    return Request.of(method, url(path), patience);
  }

  /** Runs something that can be done again from its start with the side's retries. */
  public <T> T retrying(Attempt<T> attempt) throws IOException {
    Retries retries = settings.retries();
    return retries.call(attempt);
  }

  /**
   * Sends a request once, and once more with a fresh token after a 401. Any status is an answer;
   * the place in the budget is held until the answer is closed. A content that fails while it is
   * sent comes out as a {@link ContentException}. Waits as long as the budget, or the registry's
   * own quota of pulls, wants it; an upload that has begun is not held up any more.
   */
  public Response send(Request call, Access access) throws IOException {
    return throttle.before(new Authorize(this, access, this::exchange)).send(call);
  }

  /** What holds its requests up. */
  public Limits limits() {
    return limits;
  }

  /**
   * Asks whether there is a registry (end-1), without Authorization, budget and retries: a question
   * to the host itself.
   */
  public Response ping() throws IOException {
    String base = root.startsWith("/v2/") ? "/v2" : root;
    return asNobody(Request.of("GET", found().at(base + "/"), settings.timeouts().stall()));
  }

  /** Asks without Authorization, for a path that begins at the host's root. */
  Response askAt(String target) throws IOException {
    return asNobody(callAt("GET", target));
  }

  /** The same, whose answer may take no longer than {@code patience}. */
  Response askAt(String target, Duration patience) throws IOException {
    Duration usual = settings.timeouts().stall();
    Duration shorter = patience.compareTo(usual) < 0 ? patience : usual;
    return asNobody(Request.of("GET", found().at(target), shorter));
  }

  /** Where the registry is; the host is known to be waited for where that has to be asked. */
  Url found() throws IOException {
    if (origin.isFound()) {
      return origin.url();
    }
    String asked = origin.firstAsked().server();
    try (HostWait _ = waitFor(asked, label(asked))) {
      return origin.url();
    }
  }

  /** Passes no limits, but the host is known to be waited for. */
  private Response asNobody(Request call) throws IOException {
    String server = call.url().server();
    try (HostWait _ = waitFor(server, label(server))) {
      return exchange(call);
    }
  }

  /** A request for a path that begins at the host's root, with the usual patience. */
  Request callAt(String method, String target) throws IOException {
    return Request.of(method, found().at(target), settings.timeouts().stall());
  }

  /** Sends a request within the budget, with this Authorization and no other. */
  Response sendAs(Request call, Optional<String> authorization) throws IOException {
    return throttle.beforeApi(passing -> exchange(passing.as(authorization))).send(call);
  }

  private Response exchange(Request call) throws IOException {
    try {
      return redirects.send(call);
    } catch (ContentException e) {
      throw e;
    } catch (IOException e) {
      throw Failures.of(e, call.url(), transport);
    }
  }

  /**
   * What an exception while an answer's body is read means. Closes the answer: a host that has gone
   * away is waited for here.
   */
  IOException failure(IOException e, Response answer) throws IOException {
    IOException failure = Failures.of(e, answer.call().url(), transport);
    answer.close();
    return limits.survived(failure, this::label);
  }

  /** As {@link Limits#survived}. */
  public IOException survived(IOException e) throws IOException {
    return limits.survived(e, this::label);
  }

  /** One that waits for bytes of a server. */
  HostWait waitFor(String server, String label) {
    return limits.outages().begin(server, label, false);
  }

  /** What the user calls the server of an address: that of a mirror, or of a redirect, with why. */
  String label(String server) {
    ServerLabel last = lastLabel;
    if (last == null || !last.server.equals(server)) {
      last = new ServerLabel(server, labelOf(server));
      lastLabel = last;
    }
    return last.label;
  }

  private record ServerLabel(String server, String label) {}

  private String labelOf(String server) {
    String asked =
        namespace
            .filter(n -> !n.equals(registry))
            .map(n -> n + " via " + registry)
            .orElse(registry);
    Url url = Url.parse(server);
    return url.sameOrigin(Url.origin(url.scheme(), DockerHub.serverOf(registry)))
        ? asked
        : url.authority() + " (for " + asked + ")";
  }
}
