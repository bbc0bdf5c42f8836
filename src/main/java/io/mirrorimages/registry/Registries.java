package io.mirrorimages.registry;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.registry.client.AbsentRepositories;
import io.mirrorimages.registry.client.ConnectionDiagnostics;
import io.mirrorimages.registry.client.HostPing;
import io.mirrorimages.registry.client.ManifestTrial;
import io.mirrorimages.registry.client.RegistryApi;
import io.mirrorimages.registry.client.RegistryPing;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.endpoint.Endpoints;
import io.mirrorimages.registry.endpoint.RoutedPing;
import io.mirrorimages.registry.endpoint.RoutedSource;
import io.mirrorimages.registry.endpoint.Routing;
import io.mirrorimages.registry.http.Connector;
import io.mirrorimages.registry.http.RequestLog;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.TlsHandshake;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.registry.limit.HostLimits;
import io.mirrorimages.registry.limit.HostNames;
import io.mirrorimages.registry.limit.outage.Outages;
import io.mirrorimages.registry.limit.time.BandwidthThrottle;
import io.mirrorimages.registry.limit.time.ClosableTimer;
import io.mirrorimages.registry.upload.Chunks;
import io.mirrorimages.registry.upload.UploadPolicy;
import io.mirrorimages.registry.upload.UploadRequests;
import io.mirrorimages.registry.upload.UploadTrial;
import io.mirrorimages.route.Endpoint;
import io.mirrorimages.route.Route;
import io.mirrorimages.state.OpenUploads;
import java.io.Closeable;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * All registries of one side of a run, behind one connection pool: what an image's name says
 * decides which is asked, with its own tokens and budget. Thread-safe; calls block. {@code
 * docker.io} is reached at {@code registry-1.docker.io}.
 */
public final class Registries implements Closeable {
  private final RegistrySettings settings;
  private final Transport transport;
  private final Routing routing;
  private final ClosableTimer timer = new ClosableTimer();
  private final HostLimits limits;
  private final Endpoints endpoints;
  private final Clients clients;
  private final UploadRequests requests = new UploadRequests();

  /**
   * Opens the side; makes no connection yet.
   *
   * @throws io.mirrorimages.image.InvalidContentException with a line for the user, if a
   *     certificate file can't be used
   */
  public Registries(RegistrySettings settings) {
    this(settings, Routing.DIRECT);
  }

  /** The same, with other places to read images from. */
  public Registries(RegistrySettings settings, Routing routing) {
    this(settings, routing, Optional.empty());
  }

  /**
   * The other side of the same run: a host that does not answer is away for both sides, is waited
   * for once, and reported once.
   *
   * @param other the first side; it stays open until this one is closed
   */
  public Registries(RegistrySettings settings, Registries other) {
    this(settings, Routing.DIRECT, Optional.of(other.limits.outages()));
  }

  private Registries(RegistrySettings given, Routing routing, Optional<Outages> shared) {
    RunListener listener = given.listener();
    Consumer<Wait> waits = wait -> listener.on(new RunEvent.Waiting(wait));
    this.settings = given.with(RunEvent.Retrying.reported(given.retries(), listener));
    this.transport =
        new Transport(settings.tls(), settings.proxy(), settings.timeouts(), settings.userAgent());
    transport.isOf(settings.side());
    settings
        .trust()
        .tls()
        .forEach(
            (host, tls) ->
                transport.hasItsOwnTls(Url.origin("https", DockerHub.serverOf(host)), tls));
    this.routing = routing;
    Outages outages =
        shared.orElseGet(
            () ->
                new Outages(
                    settings.patience(),
                    timer,
                    waits,
                    new HostPing(transport, settings.timeouts())));
    settings.requests().ifPresent(log -> transport.insert(next -> new RequestLog(log, next)));
    transport.insert(
        next ->
            call -> {
              Response answer = next.send(call);
              outages.heard(call.url().server());
              return answer;
            });
    this.limits =
        new HostLimits(
            settings.budgets(),
            waits,
            timer,
            new BandwidthThrottle(settings.maxRate(), timer),
            outages);
    this.clients = new Clients(transport, settings, limits);
    this.endpoints = new Endpoints(routing, transport, settings, limits);
  }

  /** These registries as where images come from: asks for the right to pull only. */
  public ImageSource asSource() {
    return routing.routes().isDirect()
        ? new RegistrySource(clients)
        : new RoutedSource(endpoints, routing, settings.retries());
  }

  /** The host that is asked first for a repository, by the name that its limits have. */
  public String firstHost(Repository repository) {
    return HostNames.registryOf(routing.routes().hops(repository).getFirst().endpoint().host());
  }

  /** As {@link #asTarget(Chunks, OpenUploads)} with the usual chunks, and nothing to go on with. */
  public ImageTarget asTarget() {
    return asTarget(Chunks.DEFAULT, OpenUploads.inMemory());
  }

  /**
   * These registries as where images go: asks for the right to push.
   *
   * @param chunks how large blobs are cut
   * @param open the uploads to go on with, and where it is noted how far the new ones are; closed
   *     by the caller, after the transfer
   */
  public ImageTarget asTarget(Chunks chunks, OpenUploads open) {
    return new RegistryTarget(clients, new UploadPolicy(chunks, settings.known(), open, requests));
  }

  /**
   * Asks a registry whether it is one and takes the credentials, before work begins. With mirrors
   * it is enough that one of its endpoints is there.
   *
   * @param registry {@code host[:port]}, as in image names
   * @throws TransferException with a line that says what to do: {@code DENIED} if the credentials
   *     are refused, {@code NETWORK} if it can't be reached, is not trusted or is no registry
   */
  public void check(String registry) throws IOException {
    String name = Reference.checkRegistry(registry);
    if (routing.routes().isDirect()) {
      new RegistryPing(clients.of(name)).run();
    } else {
      new RoutedPing(endpoints).run(name);
    }
  }

  /**
   * Asks one endpoint alone for an image, whatever the routes of this side are.
   *
   * @param route the endpoint, with what it calls the repository
   * @return the digest that it has for the image; empty if it does not have the image
   */
  public Optional<Digest> ask(Route route, Reference image) throws IOException {
    return endpoints.ask(route, image);
  }

  /**
   * The certificates that an endpoint presents, its own first, trusted or not. Makes a connection
   * of its own, and sends nothing on it.
   *
   * @throws io.mirrorimages.image.InvalidContentException with a line for the user, if a
   *     certificate file of the endpoint can't be used
   */
  public List<X509Certificate> presented(Endpoint endpoint) throws IOException {
    return TlsHandshake.with(
            Url.origin("https", DockerHub.serverOf(endpoint.host())),
            endpoint.tls().orElse(settings.tls()),
            new Connector(transport, settings.timeouts()))
        .chain();
  }

  /** The API of its own that a registry has beside the protocol, as Harbor does. */
  public RegistryApi api(String registry) {
    return new RegistryApi(clients.of(Reference.checkRegistry(registry)));
  }

  /**
   * Which of these repositories of a registry are missing and would not be made by a push, as far
   * as it tells; none, without a question, where a push makes them.
   *
   * @return their paths
   */
  public SortedSet<String> absent(String registry, Collection<Repository> repositories) {
    return settings.known().of(registry).makesRepositories()
        ? Collections.emptySortedSet()
        : new AbsentRepositories(clients.of(Reference.checkRegistry(registry))).among(repositories);
  }

  /** The way to a registry, one step at a time. */
  public ConnectionDiagnostics contact(String registry) {
    String name = Reference.checkRegistry(registry);
    return new ConnectionDiagnostics(clients.of(name), transport, settings.of(name));
  }

  /** Uploads to a repository that leave nothing there. */
  public UploadTrial uploadTrial(Repository repository) {
    return new UploadTrial(clients.of(repository.registry()), repository);
  }

  /** Manifests that no registry can store. */
  public ManifestTrial manifestTrial(Repository repository) {
    return new ManifestTrial(clients.of(repository.registry()), repository);
  }

  /**
   * Lets the requests come to their end that carry bytes of blobs, for at most {@code patience},
   * and no more begin; nothing is lost then that a registry can keep. May be called from any
   * thread.
   */
  public void finishUploads(Duration patience) {
    try {
      requests.finish(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Closes all connections and ends all waits at once; what is under way fails. May be called from
   * any thread.
   */
  @Override
  public void close() {
    timer.close();
    transport.close();
  }
}
