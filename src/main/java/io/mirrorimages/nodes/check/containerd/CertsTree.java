package io.mirrorimages.nodes.check.containerd;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.CertificateFolder;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.nodes.check.ResolvedOnce;
import io.mirrorimages.nodes.check.Uncovered;
import io.mirrorimages.nodes.check.containerd.HostsFile.HostTableEntry;
import io.mirrorimages.route.EndpointAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * containerd with a tree of {@code hosts.toml}, as the kubelet's pulls use it. Always asks a last
 * host: the {@code server} of the file, or the registry itself.
 */
public final class CertsTree implements NodeReader {
  private static final String DEFAULT = "_default";
  private static final String HOSTS = "hosts.toml";

  private final Path root;
  private final Map<String, NodeLogin> logins;
  private final Map<String, Optional<HostsFile>> files = new LinkedHashMap<>();

  private CertsTree(Path root, Map<String, NodeLogin> logins) {
    this.root = root;
    this.logins = logins;
  }

  /**
   * Reads all files of the tree.
   *
   * @param root the folder that {@code config_path} names
   * @param logins by host, from {@code config.toml}
   * @param images the images that findings are about
   * @throws InvalidContentException with a line for the user, if the folder can't be read
   */
  public static NodeReader read(
      Path root, Map<String, NodeLogin> logins, Collection<Reference> images, FindingLog findings) {
    CertsTree tree = new CertsTree(root, Map.copyOf(logins));
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
        Path file = folder.resolve(HOSTS);
        String name = String.valueOf(folder.getFileName());
        if (Files.exists(file)) {
          tree.files.put(name, HostsFile.parse(file, Files.readString(file), name(name), findings));
        }
      }
    } catch (IOException e) {
      throw new InvalidContentException(
          "cannot read the folder " + root + ": " + ErrorWords.of(e), e);
    }
    NodeReader once = new ResolvedOnce(tree);
    Uncovered.find(once, images, root.toString(), findings);
    return once;
  }

  @Override
  public String label() {
    return "containerd (hosts.toml)";
  }

  @Override
  public Resolution resolve(Reference image) {
    String registry = image.repository().registry();
    Optional<String> folder = folder(registry);
    Optional<HostsFile> file = folder.flatMap(name -> files.getOrDefault(name, Optional.empty()));
    List<NodeAttempt> attempts = new ArrayList<>();
    String path = image.repository().path();
    EndpointAddress itself = EndpointAddress.parse(registry);
    if (file.isEmpty()) {
      NodeTls tls =
          folder.map(name -> CertificateFolder.read(root.resolve(name))).orElse(NodeTls.SYSTEM);
      boolean dropped = folder.filter(files::containsKey).isPresent();
      String why = (dropped ? "hosts.toml is dropped for " : "no hosts.toml for ") + registry;
      addItself(attempt(itself, "/v2", path, true, tls, why), attempts);
      return new Resolution(label(), image, attempts);
    }
    Path named = root.resolve(folder.orElseThrow()).resolve(HOSTS);
    for (HostTableEntry host : file.get().hosts()) {
      add(host, host.address().orElseThrow(), path, false, named, attempts);
    }
    HostTableEntry server = file.get().server();
    add(server, server.address().orElse(itself), path, server.address().isEmpty(), named, attempts);
    return new Resolution(label(), image, attempts);
  }

  @Override
  public boolean isMirror(String registry) {
    String server = DockerHub.serverOf(registry);
    return files.values().stream()
        .flatMap(Optional::stream)
        .flatMap(file -> Stream.concat(file.hosts().stream(), Stream.of(file.server())))
        .flatMap(host -> host.address().stream())
        .anyMatch(address -> address.host().equals(server));
  }

  private void add(
      HostTableEntry host,
      EndpointAddress address,
      String path,
      boolean isDefault,
      Path file,
      List<NodeAttempt> attempts) {
    String why = isDefault ? "the registry itself" : file + ":" + host.line();
    NodeAttempt attempt = attempt(address, host.root(), path, isDefault, host.tls(), why);
    if (!host.pulls()) {
      attempts.add(attempt.refused("its capabilities lack pull or resolve"));
      return;
    }
    if (isDefault) {
      addItself(attempt, attempts);
      return;
    }
    if (address.scheme().equals("http") && !host.tls().equals(NodeTls.SYSTEM)) {
      attempts.add(attempt.over("https"));
    }
    attempts.add(attempt);
  }

  /** On loopback it is asked by https without verification first, since containerd 1.7.13. */
  private static void addItself(NodeAttempt attempt, List<NodeAttempt> attempts) {
    if (attempt.scheme().equals("http")) {
      attempts.add(attempt.over("https").unverified("containerd trusts this machine itself"));
    }
    attempts.add(attempt);
  }

  private NodeAttempt attempt(
      EndpointAddress address,
      String apiRoot,
      String path,
      boolean isDefault,
      NodeTls tls,
      String reason) {
    return new NodeAttempt(
        address.scheme(),
        address.host(),
        apiRoot,
        path,
        isDefault,
        logins.getOrDefault(address.host(), NodeLogin.ANONYMOUS),
        tls,
        reason,
        Optional.empty());
  }

  /** The first of these that is there, with a file or without. */
  private Optional<String> folder(String registry) {
    String withPort = registry.replaceFirst(":([0-9]+)$", "_$1_");
    return Stream.of(withPort, registry, DEFAULT)
        .filter(name -> Files.isDirectory(root.resolve(name)))
        .findFirst();
  }

  private static String name(String folder) {
    return folder.equals(DEFAULT) ? "the registry" : folder.replaceFirst("_([0-9]+)_$", ":$1");
  }
}
