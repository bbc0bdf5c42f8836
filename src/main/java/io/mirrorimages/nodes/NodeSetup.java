package io.mirrorimages.nodes;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.Text;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.naming.Mapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * From where nodes are to pull, and how they reach it.
 *
 * @param destination where images were loaded, with the same mapping
 * @param plainHttp whether the registry is reached by http
 * @param caFile path on the nodes of the certificate authority's PEM file
 * @param skipsVerify whether nodes accept any certificate
 * @param username who pulls; without it projects are taken to be public
 * @param fallsBack whether nodes may ask the original registry for what the private one has not;
 *     they would wait for it in an air gap
 * @param repositories those of the images that nodes will pull; empty for any
 */
public record NodeSetup(
    Destination destination,
    boolean plainHttp,
    Optional<String> caFile,
    boolean skipsVerify,
    Optional<String> username,
    boolean fallsBack,
    List<Repository> repositories) {
  /** What stands where the password has to be put in by hand. */
  public static final String PASSWORD = "REPLACE-WITH-PASSWORD";

  /** Copies the repositories. */
  public NodeSetup {
    repositories = List.copyOf(repositories);
  }

  /** Host or host:port of the private registry. */
  public String host() {
    return destination.registry();
  }

  /** An image that nodes will pull, under its original name; its tag is to be put in. */
  public String example() {
    String repository =
        repositories.isEmpty() ? "docker.io/library/busybox" : repositories.getFirst().toString();
    return repository + ":TAG";
  }

  /** Address of the private registry, without a path: {@code https://harbor.example.com}. */
  public String url() {
    return (plainHttp ? "http" : "https") + "://" + host();
  }

  /**
   * Refuses an IPv6 address in place of the registry's name, for systems that can't read one:
   * containerd 1.6 drops a hosts.toml with it and asks the original registry, and containers/image
   * takes it for no reference.
   *
   * @param system as people call it
   * @throws TransferException {@link FailureKind#OPTION} if it is one
   */
  public void requireHostName(String system) throws TransferException {
    if (host().startsWith("[")) {
      throw new TransferException(
          FailureKind.OPTION,
          "%s can't pull from the IPv6 address %s: give a name that resolves to it in %s"
              .formatted(system, host(), Setting.REGISTRY));
    }
  }

  /**
   * Refuses a relative path of the certificate authority's file, for systems that read it on the
   * nodes. A path of Windows begins with its drive.
   *
   * @throws TransferException {@link FailureKind#OPTION} if it is one
   */
  public void requirePathOnNodes() throws TransferException {
    if (caFile.isPresent() && !caFile.get().matches("(?:/|[A-Za-z]:[/\\\\]).+")) {
      throw new TransferException(
          FailureKind.OPTION,
          "%s is the path on the nodes, not %s: give it from the root, as /etc/ssl/registry-ca.pem"
              .formatted(Setting.CA_FILE, Text.quote(caFile.get())));
    }
  }

  /**
   * Where the images of each source registry are, in the order of the registries' names; a single
   * {@link NodeMirror#ANY} if no repositories are given.
   *
   * @throws TransferException {@link FailureKind#OPTION} if the mapping makes no valid name of one,
   *     or depends on repositories that are not given
   */
  public List<NodeMirror> mirrors() throws TransferException {
    if (repositories.isEmpty()) {
      return List.of(any());
    }
    Map<String, TreeSet<Repository>> byRegistry = new TreeMap<>();
    for (Repository repository : repositories) {
      byRegistry
          .computeIfAbsent(
              repository.registry(), r -> new TreeSet<>(Comparator.comparing(Repository::path)))
          .add(repository);
    }
    List<NodeMirror> mirrors = new ArrayList<>();
    for (Map.Entry<String, TreeSet<Repository>> one : byRegistry.entrySet()) {
      Map<String, String> paths = new TreeMap<>();
      for (Repository repository : one.getValue()) {
        paths.put(repository.path(), destination.path(repository));
      }
      mirrors.add(NodeMirror.of(one.getKey(), paths));
    }
    return mirrors;
  }

  /**
   * The same, and the private registry as a mirror of itself: for images that are called by it, as
   * with a {@code system-default-registry}. Without that, {@link NodeMirror#ANY} would put its
   * prefix before their paths again, and https would be asked where http is meant.
   *
   * @throws TransferException as {@link #mirrors}
   */
  public List<NodeMirror> mirrorsWithItself() throws TransferException {
    List<NodeMirror> mirrors = new ArrayList<>(mirrors());
    if (mirrors.stream().noneMatch(mirror -> mirror.registry().equals(host()))) {
      mirrors.add(new NodeMirror(host(), "", Map.of()));
    }
    return mirrors;
  }

  private NodeMirror any() throws TransferException {
    Mapping mapping = destination.mapping();
    if (!mapping.equals(Mapping.FLAT)) {
      throw new TransferException(
          FailureKind.OPTION,
          "with "
              + Setting.MAPPING
              + " "
              + mapping.layout()
              + (mapping.rules().isEmpty() ? "" : " and " + Setting.MAP)
              + " the files depend on the images: add "
              + Setting.LIST
              + " FILE");
    }
    return new NodeMirror(NodeMirror.ANY, destination.project(), Map.of());
  }
}
