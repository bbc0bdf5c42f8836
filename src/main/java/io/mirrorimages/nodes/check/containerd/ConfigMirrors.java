package io.mirrorimages.nodes.check.containerd;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.ClientCertificate;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.nodes.check.toml.TomlTable;
import io.mirrorimages.route.EndpointAddress;
import io.mirrorimages.route.Loopback;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * containerd without a {@code config_path}: the tables {@code registry.mirrors} of its {@code
 * config.toml}, as older instructions for kind and k0s have them. An endpoint's path is the root of
 * the API as it stands; only without a path that is {@code /v2}. Immutable.
 */
final class ConfigMirrors implements NodeReader {
  private static final String ANY = "*";

  private final String file;
  private final Map<String, List<WrittenMirror>> mirrors;
  private final Map<String, NodeTls> tls;
  private final Map<String, NodeLogin> logins;

  /**
   * An endpoint of a mirror.
   *
   * @param host as it stands in the address
   */
  private record WrittenMirror(EndpointAddress address, String root, String host, int line) {}

  private ConfigMirrors(
      String file,
      Map<String, List<WrittenMirror>> mirrors,
      Map<String, NodeTls> tls,
      Map<String, NodeLogin> logins) {
    this.file = file;
    this.mirrors = mirrors;
    this.tls = tls;
    this.logins = logins;
  }

  /**
   * Reads the mirrors and certificates of a registry table.
   *
   * @param file its name, for messages
   * @param registry the table {@code plugins."...".registry}; empty if there is none
   * @param logins by host
   */
  static ConfigMirrors read(
      String file,
      Optional<TomlTable> registry,
      Map<String, NodeLogin> logins,
      FindingLog findings) {
    Map<String, List<WrittenMirror>> mirrors = new LinkedHashMap<>();
    Map<String, NodeTls> tls = new LinkedHashMap<>();
    registry
        .flatMap(table -> table.table("mirrors"))
        .ifPresent(
            tables -> {
              if (!tables.keys().isEmpty()) {
                findings.add(
                    FindingKind.OLD_MIRRORS,
                    file,
                    tables.line(tables.keys().iterator().next()),
                    "mirrors in config.toml keep the CRI plugin of containerd 2.2 from loading, and"
                        + " later versions will drop them: write hosts.toml files, and name their"
                        + " folder as config_path");
              }
              for (String name : tables.keys()) {
                mirrors.put(name, endpoints(file, name, tables, findings));
              }
            });
    registry
        .flatMap(table -> table.table("configs"))
        .ifPresent(
            hosts ->
                hosts
                    .keys()
                    .forEach(
                        host ->
                            hosts
                                .table(host, "tls")
                                .ifPresent(
                                    one ->
                                        tls.put(host, certificates(file, host, one, findings)))));
    return new ConfigMirrors(file, mirrors, tls, Map.copyOf(logins));
  }

  private static List<WrittenMirror> endpoints(
      String file, String registry, TomlTable tables, FindingLog findings) {
    Optional<TomlTable> table = tables.table(registry);
    List<WrittenMirror> endpoints = new ArrayList<>();
    if (table.isEmpty()) {
      return endpoints;
    }
    int line = table.get().line("endpoint");
    List<String> texts = table.get().texts("endpoint");
    if (texts.isEmpty()) {
      findings.add(
          FindingKind.NO_ENDPOINT,
          file,
          tables.line(registry),
          "the mirror of " + Text.quote(registry) + " has no endpoint");
    }
    for (String text : texts) {
      try {
        endpoints.add(endpoint(file, text, line, findings));
      } catch (IllegalArgumentException e) {
        findings.add(
            FindingKind.BAD_ENDPOINT,
            file,
            line,
            Text.quote(text) + ": " + e.getMessage() + ", and no image of it is pulled");
      }
    }
    return endpoints;
  }

  private static WrittenMirror endpoint(String file, String text, int line, FindingLog findings) {
    String host = text.replaceFirst("^[a-z]+://", "").replaceFirst("/.*", "");
    boolean local = Loopback.covers(host.replaceFirst(":[0-9]+$", ""));
    String url = text.contains("://") ? text : (local ? "http://" : "https://") + text;
    EndpointAddress address = EndpointAddress.parse(url);
    String written = url.replaceFirst("^[a-z]+://[^/]*", "");
    String root = written.isEmpty() ? "/v2" : EndpointAddress.clean(written);
    if (!(root + "/").startsWith("/v2/")) {
      findings.add(
          FindingKind.PATH_WITHOUT_V2,
          file,
          line,
          "the path of "
              + text
              + " takes the place of /v2: "
              + (root.equals("/") ? "leave it out" : "for a project write /v2" + root));
    }
    return new WrittenMirror(address, root.equals("/") ? "" : root, host, line);
  }

  private static NodeTls certificates(
      String file, String host, TomlTable table, FindingLog findings) {
    NodeTls found =
        new NodeTls(
            table.text("ca_file").map(Path::of),
            table.text("cert_file").map(Path::of),
            table.text("key_file").map(Path::of),
            table.truth("insecure_skip_verify"),
            file + ":" + table.line());
    ClientCertificate.check(found, host, "cert_file", "key_file", file, table.line(), findings);
    return found;
  }

  /** Whether there is any mirror. */
  boolean isEmpty() {
    return mirrors.isEmpty();
  }

  @Override
  public String label() {
    return "containerd (config.toml)";
  }

  @Override
  public Resolution resolve(Reference image) {
    String registry = image.repository().registry();
    List<WrittenMirror> endpoints =
        mirrors.getOrDefault(registry, mirrors.getOrDefault(ANY, List.of()));
    List<NodeAttempt> attempts = new ArrayList<>();
    for (WrittenMirror one : endpoints) {
      attempts.add(
          attempt(
              one.address(),
              one.root(),
              image,
              one.host().equals(registry),
              file + ":" + one.line()));
    }
    // An endpoint with the registry's own name takes the place of the registry.
    if (endpoints.stream().noneMatch(one -> one.host().equals(registry))) {
      String why =
          mirrors.isEmpty()
              ? "no mirrors and no config_path; containerd from 2.2 reads /etc/containerd/certs.d"
                  + " then"
              : "the registry itself";
      attempts.add(attempt(EndpointAddress.parse(registry), "/v2", image, true, why));
    }
    return new Resolution(label(), image, attempts);
  }

  @Override
  public boolean isMirror(String registry) {
    String server = DockerHub.serverOf(registry);
    return mirrors.values().stream()
        .flatMap(List::stream)
        .anyMatch(one -> one.address().host().equals(server));
  }

  private NodeAttempt attempt(
      EndpointAddress address, String root, Reference image, boolean isDefault, String reason) {
    return new NodeAttempt(
        address.scheme(),
        address.host(),
        root,
        image.repository().path(),
        isDefault,
        logins.getOrDefault(address.host(), NodeLogin.ANONYMOUS),
        tls.getOrDefault(address.host(), NodeTls.SYSTEM),
        reason,
        Optional.empty());
  }
}
