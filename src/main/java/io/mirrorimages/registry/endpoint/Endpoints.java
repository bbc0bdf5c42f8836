package io.mirrorimages.registry.endpoint;

import io.mirrorimages.credential.Credentials;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.registry.client.Manifests;
import io.mirrorimages.registry.client.Origin;
import io.mirrorimages.registry.client.RegistryClient;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.http.Transport;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.registry.limit.HostLimits;
import io.mirrorimages.registry.limit.HostNames;
import io.mirrorimages.route.Endpoint;
import io.mirrorimages.route.Route;
import io.mirrorimages.tls.TlsOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The endpoints that a side's routes lead to, each with one client: own credentials, own tokens,
 * own health; what leads to one host shares its budget. Thread-safe.
 */
public final class Endpoints {
  private static final Retries ONCE = new Retries(0, Duration.ZERO);

  private final Routing routing;
  private final Transport transport;
  private final RegistrySettings settings;
  private final HostLimits limits;
  private final ConcurrentMap<ClientKey, RegistryClient> clients = new ConcurrentHashMap<>();
  private final ConcurrentMap<Endpoint, EndpointHealth> healths = new ConcurrentHashMap<>();

  private record ClientKey(Endpoint endpoint, boolean replaceable) {}

  /** Makes no connection yet; {@code transport} is closed by the caller. */
  public Endpoints(
      Routing routing, Transport transport, RegistrySettings settings, HostLimits limits) {
    this.routing = routing;
    this.transport = transport;
    this.settings = settings;
    this.limits = limits;
  }

  /** What holds the requests to them up. */
  HostLimits limits() {
    return limits;
  }

  /** Where the repository can be had, in the order in which it is asked for. */
  List<ResolvedEndpoint> candidates(Repository repository) {
    List<Route> hops = routing.routes().hops(repository);
    return hops.stream()
        .map(
            hop ->
                new ResolvedEndpoint(
                    hop,
                    client(repository.registry(), new ClientKey(hop.endpoint(), hops.size() > 1)),
                    healths.computeIfAbsent(hop.endpoint(), e -> new EndpointHealth(e.toString()))))
        .toList();
  }

  /**
   * Asks one endpoint alone for an image, as failover would when it comes to it: HEAD, and GET
   * where that does not tell the digest. It is waited for as long as the settings say, as nothing
   * else is asked in its place.
   *
   * @param hop the endpoint, with what it calls the repository
   * @return the digest that the endpoint has for the image; empty if it does not have the image
   */
  public Optional<Digest> ask(Route hop, Reference image) throws IOException {
    ResolvedEndpoint by =
        new ResolvedEndpoint(
            hop,
            client(image.repository().registry(), new ClientKey(hop.endpoint(), false)),
            healths.computeIfAbsent(hop.endpoint(), e -> new EndpointHealth(e.toString())));
    Manifests.Found found = by.manifests().head(by.image(image), by.access());
    if (found.webPage()) {
      RoutedPing.ping(by);
    }
    return !found.present() || found.digest().isPresent()
        ? found.digest()
        : by.manifests().get(by.image(image), by.access()).map(Manifest::digest);
  }

  private RegistryClient client(String registry, ClientKey key) {
    RegistryClient client = clients.computeIfAbsent(key, this::open);
    return key.endpoint().origin() ? client : client.forImagesOf(registry);
  }

  private RegistryClient open(ClientKey key) {
    Endpoint endpoint = key.endpoint();
    RegistrySettings own =
        settings
            .with(ONCE)
            .with(
                key.replaceable() && !endpoint.origin()
                    ? settings.timeouts().forMirrors()
                    : settings.timeouts())
            .with(
                endpoint
                    .credential()
                    .map(Credentials::fixed)
                    .orElse(endpoint.origin() ? settings.credentials() : routing.credentials()));
    Url server = server(endpoint.origin() ? "https" : endpoint.scheme(), endpoint);
    if (key.replaceable()) {
      transport.isReplaceable(server);
    }
    endpoint.tls().ifPresent(tls -> transport.hasItsOwnTls(server, tls));
    if (endpoint.origin()) {
      return new RegistryClient(
          endpoint.host(),
          transport,
          endpoint.tls().map(own::with).orElse(own.of(endpoint.host())),
          limits.of(endpoint.host(), ""));
    }
    return new RegistryClient(
        HostNames.registryOf(endpoint.host()),
        new Origin(server, transport, own),
        endpoint.root(),
        transport,
        own.with(TlsOptions.defaults()),
        limits.of(endpoint.host(), pathOf(endpoint)));
  }

  /** Docker Hub counts what it gives by whatever name it is asked. */
  private static String pathOf(Endpoint endpoint) {
    return endpoint.root().equals(Endpoint.STANDARD_ROOT) ? "" : endpoint.root();
  }

  private static Url server(String scheme, Endpoint endpoint) {
    return Url.origin(scheme, DockerHub.serverOf(endpoint.host()));
  }
}
