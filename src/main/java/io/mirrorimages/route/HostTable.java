package io.mirrorimages.route;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Text;
import io.mirrorimages.route.RegistriesFile.Config;
import io.mirrorimages.route.RegistriesFile.MirrorEntry;
import io.mirrorimages.route.RegistriesFile.Rewrite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What K3s makes of a {@code registries.yaml}: for each registry that is named the endpoints and
 * the default endpoint, and a {@code *} for all others. An entry of a registry's own replaces the
 * {@code *} altogether. Immutable and thread-safe.
 */
final class HostTable {
  private static final String ANY = "*";

  private final Optional<RegistriesFile> file;
  private final boolean disableDefault;
  private final Map<String, Host> hosts = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  /**
   * The endpoints of one registry.
   *
   * @param endpoints in order
   * @param rewrites what those, but not the origin, call its repositories
   * @param origin the registry itself, unless it is not to be asked
   */
  record Host(List<Endpoint> endpoints, List<Rewrite> rewrites, Optional<Endpoint> origin) {}

  private HostTable(Optional<RegistriesFile> file, boolean disableDefault) {
    this.file = file;
    this.disableDefault = disableDefault;
  }

  static HostTable of(Optional<RegistriesFile> file, boolean disableDefault) {
    HostTable table = new HostTable(file, disableDefault);
    file.ifPresent(table::fill);
    return table;
  }

  boolean isEmpty() {
    return hosts.isEmpty();
  }

  List<Finding> findings() {
    return findings.stream().sorted(Comparator.comparingInt(Finding::line)).toList();
  }

  Finding finding(int line, String text) {
    return new Finding(file.orElseThrow().name(), line, text);
  }

  /** The registry's own entry, or that of all others, or none. */
  Host host(String registry) {
    Host host = hosts.get(registry);
    if (host == null && hosts.containsKey(ANY)) {
      Host any = hosts.get(ANY);
      host =
          new Host(
              any.endpoints(),
              any.rewrites(),
              any.origin().map(o -> Endpoint.origin(registry, authOf(registry), o.tls())));
    }
    return host != null
        ? host
        : new Host(
            List.of(),
            List.of(),
            Optional.of(Endpoint.origin(registry, authOf(registry), Optional.empty())));
  }

  private void fill(RegistriesFile read) {
    findings.addAll(read.findings());
    read.configs()
        .forEach(
            (name, config) -> {
              if (!config.isEmpty()) {
                hosts.put(name, new Host(List.of(), List.of(), origin(name, config)));
              }
            });
    read.mirrors().forEach((name, mirror) -> fill(name, mirror, read.configs()));
  }

  private void fill(String name, MirrorEntry mirror, Map<String, Config> configs) {
    Optional<Endpoint> origin = originOf(name, mirror, configs);
    List<Endpoint> endpoints = new ArrayList<>();
    boolean originRewritten = false;
    boolean originHasConfig =
        (configs.containsKey(name) && !name.equals(ANY))
            ? !configs.get(name).isEmpty()
            : origin.isPresent() && !name.equals(ANY) && !configFor(name).isEmpty();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < mirror.endpoints().size(); i++) {
      RegistriesFile.LocatedText written = mirror.endpoints().get(i);
      EndpointAddress address;
      try {
        address = EndpointAddress.parse(written.value());
      } catch (IllegalArgumentException e) {
        find(written, "the endpoint is passed over: " + e.getMessage());
        continue;
      }
      if (!seen.add(address.key())) {
        find(written, "the endpoint is there already: this one is passed over");
        continue;
      }
      if (address.hasUser()) {
        find(written, "the user in the address is not used: say it in \"configs\"");
      }
      boolean last = i + 1 == mirror.endpoints().size();
      if (last && origin.isPresent() && address.key().equals(defaultAddress(name))) {
        originRewritten = !mirror.rewrites().isEmpty();
        origin = origin(name, configFor(DockerHub.registryOf(address.host())));
        originHasConfig = originRewritten || !configFor(name).isEmpty();
        if (originRewritten) {
          find(
              written,
              "this is the registry itself, which is never asked with rewrites: write its port too,"
                  + " as in https://"
                  + address.host()
                  + ":443");
        }
      } else {
        endpoints.addAll(endpoint(address));
      }
    }
    if (endpoints.isEmpty() && !originHasConfig) {
      hosts.remove(name);
    } else {
      hosts.put(name, new Host(List.copyOf(endpoints), mirror.rewrites(), origin));
    }
  }

  private Optional<Endpoint> originOf(
      String name, MirrorEntry mirror, Map<String, Config> configs) {
    if (name.equals(ANY)) {
      return disableDefault ? Optional.empty() : origin(name, Config.NONE);
    }
    if (configs.containsKey(name)) {
      if (disableDefault && !isMirrorOfItself(name, mirror)) {
        findings.add(
            finding(
                mirror.line(),
                "the default endpoint of "
                    + Text.quote(name)
                    + " can't be disabled while \"configs\" has an entry of that name"));
      }
      return origin(name, configs.get(name));
    }
    return disableDefault ? Optional.empty() : origin(name, configFor(name));
  }

  /** As a registry that is reached by http; its default endpoint leads nowhere else. */
  private static boolean isMirrorOfItself(String name, MirrorEntry mirror) {
    return mirror.endpoints().stream()
        .allMatch(endpoint -> endpoint.value().replaceFirst("^https?://", "").equals(name));
  }

  /** With certificates for it, K3s' containerd tries https where http was written. */
  private List<Endpoint> endpoint(EndpointAddress address) {
    Config config = configFor(DockerHub.registryOf(address.host()));
    Endpoint endpoint =
        Endpoint.mirror(
            address.scheme(),
            address.host(),
            EndpointAddress.clean(address.path()),
            authOf(address.host()),
            config.tls());
    return address.scheme().equals("http") && config.tls().isPresent()
        ? List.of(endpoint.over("https"), endpoint)
        : List.of(endpoint);
  }

  private Optional<Endpoint> origin(String name, Config config) {
    return Optional.of(Endpoint.origin(name, authOf(name), config.tls()));
  }

  /** Docker Hub's server goes before its name. */
  private Config configFor(String name) {
    Map<String, Config> configs = file.orElseThrow().configs();
    String server = DockerHub.serverOf(name);
    return configs.getOrDefault(configs.containsKey(server) ? server : name, Config.NONE);
  }

  /** By the host that the request goes to, and nothing else. */
  private Optional<Credential> authOf(String name) {
    return file.map(f -> f.configs().get(DockerHub.serverOf(name))).flatMap(Config::auth);
  }

  private static String defaultAddress(String name) {
    try {
      return EndpointAddress.parse(name).key();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private void find(RegistriesFile.LocatedText where, String text) {
    findings.add(finding(where.line(), text));
  }
}
