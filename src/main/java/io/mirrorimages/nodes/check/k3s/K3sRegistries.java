package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.route.GoPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code registries.yaml} as it was written.
 *
 * @param name the file as it was named
 * @param mirrors by registry, or {@code *}; in the file's order
 * @param configs by {@code host[:port]}, or {@code *}
 */
public record K3sRegistries(
    String name, Map<String, K3sMirror> mirrors, Map<String, ConfigEntry> configs) {
  static final String ANY = "*";

  /**
   * Endpoints of a registry.
   *
   * @param line where its key stands
   */
  record K3sMirror(int line, List<WrittenEndpoint> endpoints, List<RewriteRule> rewrites) {

    /** Whether one of the endpoints is at this registry. */
    boolean hasHost(String registry) {
      String server = DockerHub.serverOf(registry);
      return endpoints.stream()
          .flatMap(endpoint -> KubeletPulls.parse(endpoint.text()).stream())
          .anyMatch(address -> address.host().equals(server));
    }
  }

  /** An endpoint and its line. */
  record WrittenEndpoint(int line, String text) {}

  /**
   * A rewrite of repository paths.
   *
   * @param compiled empty if it is no Go expression: it is skipped then
   */
  record RewriteRule(int line, String pattern, Optional<GoPattern> compiled, String replacement) {
    /** Whether the agent writes TOML for it that containerd can't read. */
    boolean breaksToml() {
      return (pattern + replacement).chars().anyMatch(c -> c == '\\' || c == '"' || c == '\n');
    }
  }

  /**
   * How a host is spoken to.
   *
   * @param login empty if there is no {@code auth}; anonymous if it can't be used
   * @param tls empty if there is no {@code tls}
   */
  record ConfigEntry(int line, Optional<NodeLogin> login, Optional<NodeTls> tls) {
    static final ConfigEntry NONE = new ConfigEntry(0, Optional.empty(), Optional.empty());

    boolean isEmpty() {
      return login.isEmpty() && tls.isEmpty();
    }
  }

  /** Whether a registry is the host of an endpoint. */
  boolean isEndpoint(String registry) {
    return mirrors.values().stream().anyMatch(mirror -> mirror.hasHost(registry));
  }

  /** Whether a mirror of this name leads to the registry of this name itself, as http needs it. */
  boolean isMirrorOfItself(String registry) {
    K3sMirror mirror = mirrors.get(registry);
    return mirror != null && mirror.hasHost(registry);
  }

  /** File and line, for sources and reasons. */
  String at(int line) {
    return name + ":" + line;
  }
}
