package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.ConfigEntry;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.K3sMirror;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.RewriteRule;
import io.mirrorimages.nodes.check.k3s.K3sRegistries.WrittenEndpoint;
import io.mirrorimages.route.EndpointAddress;
import io.mirrorimages.route.Loopback;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pulls of the kubelet: containerd with the {@code hosts.toml} files that the agent of K3s or
 * RKE2 writes since January 2024. A registry's own entry replaces the {@code *} entirely; logins go
 * by the host of the request; rewrites never apply to the default endpoint.
 */
final class KubeletPulls implements NodeReader {
  private final K3sRegistries file;
  private final boolean disableDefault;
  private final Optional<String> embedded;
  private final Map<String, HostEntry> hosts = new HashMap<>();

  /**
   * The directory of a registry.
   *
   * @param endpoints in order
   * @param fallback the default endpoint; empty if it is disabled
   */
  private record HostEntry(List<Target> endpoints, Optional<Target> fallback) {}

  /** An endpoint; without address for the registry that is asked for, under {@code *}. */
  private record Target(
      Optional<EndpointAddress> address, ConfigEntry config, List<RewriteRule> rewrites, int line) {
    boolean matters() {
      return !config.isEmpty()
          || !rewrites.isEmpty()
          || address.filter(a -> !a.path().equals("/v2")).isPresent();
    }
  }

  KubeletPulls(K3sRegistries file, boolean disableDefault) {
    this(file, new K3sSettings(disableDefault, Optional.empty()));
  }

  KubeletPulls(K3sRegistries file, K3sSettings settings) {
    this.file = file;
    this.disableDefault = settings.disableDefault();
    this.embedded = settings.embeddedHost();
    file.configs()
        .forEach((name, config) -> hosts.put(name, new HostEntry(List.of(), origin(name, config))));
    // A mirror of "*" does not see the entry that "*" has in configs.
    hosts.remove(K3sRegistries.ANY);
    file.mirrors().forEach(this::add);
    ConfigEntry any = file.configs().getOrDefault(K3sRegistries.ANY, ConfigEntry.NONE);
    hosts.putIfAbsent(K3sRegistries.ANY, new HostEntry(List.of(), origin(K3sRegistries.ANY, any)));
    // An entry that writes no file does not stand before "*".
    hosts
        .entrySet()
        .removeIf(
            entry ->
                !(embedded.isPresent() && file.mirrors().containsKey(entry.getKey()))
                    && entry.getValue().endpoints().isEmpty()
                    && entry.getValue().fallback().filter(Target::matters).isEmpty());
  }

  @Override
  public String label() {
    return "kubelet pulls (containerd)";
  }

  @Override
  public boolean isMirror(String registry) {
    return file.isEndpoint(registry);
  }

  @Override
  public Resolution resolve(Reference image) {
    String registry = image.repository().registry();
    HostEntry host =
        Optional.ofNullable(hosts.get(registry))
            .or(() -> Optional.ofNullable(hosts.get(K3sRegistries.ANY)))
            .orElseGet(() -> new HostEntry(List.of(), origin(K3sRegistries.ANY, ConfigEntry.NONE)));
    List<NodeAttempt> attempts = new ArrayList<>();
    String path = image.repository().path();
    boolean broken =
        host.endpoints().stream()
            .flatMap(target -> target.rewrites().stream())
            .anyMatch(RewriteRule::breaksToml);
    if (broken) {
      attempts.add(
          attempt(EndpointAddress.parse(registry), NodeTls.SYSTEM, path, true)
              .apply("the only one left: containerd can't read the file of this mirror"));
      return new Resolution(label(), image, attempts);
    }
    boolean shared =
        embedded.isPresent()
            && !Loopback.covers(registry.replaceFirst(":[0-9]+$", ""))
            && (file.mirrors().containsKey(registry)
                || (!hosts.containsKey(registry) && file.mirrors().containsKey(K3sRegistries.ANY)));
    if (shared) {
      attempts.add(
          attempt(EndpointAddress.parse("https://" + embedded.get()), NodeTls.SYSTEM, path, false)
              .apply(NodeAttempt.EMBEDDED)
              .refused(
                  "the node's own embedded registry has what any node of the cluster has pulled or"
                      + " imported, but no tag latest; it can be asked on a node only"));
    }
    for (Target target : host.endpoints()) {
      EndpointAddress address = target.address().orElseThrow();
      List<RewriteResult> results = RewriteResult.of(path, target.rewrites());
      String there = results.isEmpty() ? path : results.getFirst().path();
      String why =
          file.at(target.line())
              + (results.isEmpty()
                  ? ""
                  : ", rewritten by line " + results.getFirst().rule().line());
      NodeAttempt attempt =
          attempt(address, target.config().tls().orElse(NodeTls.SYSTEM), there, false).apply(why);
      attempts.addAll(schemes(checked(attempt, there), target.config()));
    }
    host.fallback()
        .ifPresent(
            target ->
                attempts.add(
                    attempt(
                            target.address().orElseGet(() -> EndpointAddress.parse(registry)),
                            target.config().tls().orElse(NodeTls.SYSTEM),
                            path,
                            true)
                        .apply("the default endpoint")));
    return new Resolution(label(), image, attempts);
  }

  private interface Reasoned {
    NodeAttempt apply(String reason);
  }

  private Reasoned attempt(EndpointAddress address, NodeTls tls, String path, boolean isDefault) {
    return reason ->
        new NodeAttempt(
            address.scheme(),
            address.host(),
            EndpointAddress.clean(address.path()),
            EndpointAddress.clean(path).substring(1),
            isDefault,
            login(address.host()),
            tls,
            reason,
            Optional.empty());
  }

  /** By the exact host of the request, which for Docker Hub is that of its server. */
  private NodeLogin login(String host) {
    return Optional.ofNullable(file.configs().get(host))
        .flatMap(ConfigEntry::login)
        .orElse(NodeLogin.ANONYMOUS);
  }

  private static NodeAttempt checked(NodeAttempt attempt, String result) {
    try {
      Reference.checkPath(attempt.path());
      return attempt;
    } catch (InvalidContentException e) {
      return attempt.refused(
          "its rewrite makes " + Text.quote(result) + ", which is no repository's name");
    }
  }

  /** With tls settings, containerd tries https first where http was written. */
  private static List<NodeAttempt> schemes(NodeAttempt attempt, ConfigEntry config) {
    return attempt.scheme().equals("http") && config.tls().isPresent()
        ? List.of(attempt.over("https"), attempt)
        : List.of(attempt);
  }

  private void add(String name, K3sMirror mirror) {
    Optional<Target> fallback =
        hosts.containsKey(name)
            ? hosts.get(name).fallback()
            : disableDefault ? Optional.empty() : origin(name, configFor(name));
    List<Target> endpoints = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < mirror.endpoints().size(); i++) {
      WrittenEndpoint written = mirror.endpoints().get(i);
      Optional<EndpointAddress> parsed = parse(written.text());
      if (parsed.isEmpty() || !seen.add(parsed.get().key())) {
        continue;
      }
      EndpointAddress address = parsed.get();
      Target target =
          new Target(
              parsed,
              configFor(DockerHub.registryOf(address.host())),
              mirror.rewrites(),
              written.line());
      boolean last = i + 1 == mirror.endpoints().size();
      if (last
          && fallback
              .flatMap(Target::address)
              .filter(a -> a.key().equals(address.key()))
              .isPresent()) {
        fallback = Optional.of(target);
      } else {
        endpoints.add(target);
      }
    }
    hosts.put(name, new HostEntry(List.copyOf(endpoints), fallback));
  }

  private static Optional<Target> origin(String name, ConfigEntry config) {
    Optional<EndpointAddress> address =
        name.equals(K3sRegistries.ANY) ? Optional.empty() : parse(name);
    return Optional.of(new Target(address, config, List.of(), 0));
  }

  /** Docker Hub's server goes before its name. */
  private ConfigEntry configFor(String name) {
    String server = DockerHub.serverOf(name);
    return file.configs()
        .getOrDefault(file.configs().containsKey(server) ? server : name, ConfigEntry.NONE);
  }

  static Optional<EndpointAddress> parse(String text) {
    try {
      return Optional.of(EndpointAddress.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
