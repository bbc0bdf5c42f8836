package io.mirrorimages.naming;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Repository;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The {@code registries.yaml} by which K3s and RKE2 nodes find at a destination what their images
 * call by the original names. K3s tries the rewrites of a registry in random order, unanchored, and
 * writes them into TOML without escaping: so here they are anchored, exclude each other, and have
 * no backslash.
 */
public final class NodeMirrors {
  private final Destination destination;
  private final String scheme;
  private final Optional<String> caFile;
  private final boolean skipsVerify;

  /**
   * @param scheme {@code https} or {@code http}
   * @param caFile path of the authority's certificate on the nodes
   * @param skipsVerify whether nodes accept any certificate
   */
  public NodeMirrors(
      Destination destination, String scheme, Optional<String> caFile, boolean skipsVerify) {
    this.destination = destination;
    this.scheme = scheme;
    this.caFile = caFile;
    this.skipsVerify = skipsVerify;
  }

  /**
   * The file for images of these repositories; for those of any registry if there is none.
   *
   * @throws TransferException if the mapping makes no valid path of one
   */
  public String yaml(Collection<Repository> repositories) throws TransferException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# /etc/rancher/rke2/registries.yaml or /etc/rancher/k3s/registries.yaml of each node;");
    lines.add("# restart its service after a change.");
    lines.add("mirrors:");
    Map<String, TreeSet<Repository>> byRegistry = new TreeMap<>();
    for (Repository repository : repositories) {
      byRegistry
          .computeIfAbsent(
              repository.registry(),
              r -> new TreeSet<>(java.util.Comparator.comparing(Repository::path)))
          .add(repository);
    }
    if (byRegistry.isEmpty()) {
      mirror("*", rewrites("*", List.of()), lines);
    }
    for (Map.Entry<String, TreeSet<Repository>> one : byRegistry.entrySet()) {
      mirror(one.getKey(), rewrites(one.getKey(), one.getValue()), lines);
    }
    lines.add("configs:");
    lines.add("  " + quote(destination.registry()) + ":");
    lines.add("    # Needed where projects are private, and best a user who may only pull:");
    lines.add("    # auth: {username: ..., password: ...}");
    if (caFile.isPresent() || skipsVerify) {
      lines.add("    tls:");
      caFile.ifPresent(file -> lines.add("      ca_file: " + quote(file)));
      if (skipsVerify) {
        lines.add("      insecure_skip_verify: true");
      }
    } else {
      lines.add("    tls: {}");
    }
    return String.join("\n", lines);
  }

  private void mirror(String registry, Map<String, String> rewrites, List<String> lines) {
    lines.add("  " + quote(registry) + ":");
    lines.add("    endpoint:");
    lines.add("      - " + quote(scheme + "://" + destination.registry()));
    if (!rewrites.isEmpty()) {
      lines.add("    rewrite:");
      rewrites.forEach((from, to) -> lines.add("      " + quote(from) + ": " + quote(to)));
    }
  }

  private Map<String, String> rewrites(String registry, Collection<Repository> repositories)
      throws TransferException {
    String project = destination.project().isEmpty() ? "" : destination.project() + "/";
    if (destination.mapping().isPrefix(registry)) {
      String prefix = project + destination.mapping().prefix(registry);
      return prefix.isEmpty() ? Map.of() : Map.of("^(.*)$", prefix + "$1");
    }
    Map<String, String> rewrites = new TreeMap<>();
    for (Repository repository : repositories) {
      String path = destination.path(repository);
      if (!path.equals(repository.path())) {
        rewrites.put("^" + repository.path().replace(".", "[.]") + "$", path);
      }
    }
    return rewrites;
  }

  /** Strings of JSON are strings of YAML. */
  private static String quote(String text) {
    return Json.MAPPER.writeValueAsString(text);
  }
}
