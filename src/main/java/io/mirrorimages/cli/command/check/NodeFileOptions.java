package io.mirrorimages.cli.command.check;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.containerd.CertsTree;
import io.mirrorimages.nodes.check.containerd.ContainerdFile;
import io.mirrorimages.nodes.check.containers.RegistriesConf;
import io.mirrorimages.nodes.check.docker.DaemonJson;
import io.mirrorimages.nodes.check.k3s.K3sNode;
import io.mirrorimages.nodes.check.k3s.K3sSettings;
import io.mirrorimages.nodes.check.k3s.K3sVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files of a node's configuration. */
final class NodeFileOptions {
  private static final Path PODMAN = Path.of("/etc/containers/certs.d");
  private static final Path DOCKER = Path.of("/etc/docker/certs.d");

  @Option(
      names = "--registries",
      paramLabel = "FILE",
      description = "registries.yaml of a K3s or RKE2 node.")
  private @Nullable Path registries;

  @Option(
      names = "--disable-default-endpoint",
      description = "The node has disable-default-registry-endpoint: true.")
  private boolean disableDefault;

  @Option(
      names = "--system-default-registry",
      paramLabel = "HOST",
      description = "The system-default-registry of the node, by which its own images are renamed.")
  private @Nullable String systemDefault;

  @Option(names = "--embedded-registry", description = "The node has embedded-registry: true.")
  private boolean embedded;

  @Option(
      names = "--node-version",
      paramLabel = "VERSION",
      description =
          "The version of K3s or RKE2 whose rules hold, as v1.31.5+rke2r1 (default: those of "
              + K3sVersion.NEWEST_KNOWN
              + ").")
  private @Nullable String version;

  @Option(
      names = "--certs-d",
      paramLabel = "DIR",
      description = "containerd's folder of hosts.toml, such as /etc/containerd/certs.d.")
  private @Nullable Path certsD;

  @Option(
      names = "--containerd-config",
      paramLabel = "FILE",
      description = "containerd's config.toml: its config_path, and the logins in it.")
  private @Nullable Path containerdConfig;

  @Option(
      names = "--registries-conf",
      paramLabel = "FILE",
      description =
          "registries.conf of CRI-O or Podman, with the files of registries.conf.d beside it.")
  private @Nullable Path registriesConf;

  @Option(names = "--daemon-json", paramLabel = "FILE", description = "daemon.json of Docker.")
  private @Nullable Path daemonJson;

  @Option(
      names = "--docker-certs-d",
      paramLabel = "DIR",
      description =
          "The folder in which Docker has certificates and, from 28 on, hosts.toml;"
              + " /etc/docker/certs.d unless given.")
  private @Nullable Path dockerCerts;

  @Option(
      names = "--auth-file",
      paramLabel = "FILE",
      description =
          "auth.json of Podman or CRI-O, or config.json of Docker: logins beside --registries-conf"
              + " and --daemon-json.")
  private @Nullable Path authFile;

  /** What the node calls an image. */
  Reference renamed(Reference image) {
    return settings().renamed(image);
  }

  /**
   * Checks that there is a file to read.
   *
   * @throws UsageException if none is given
   */
  void requireAny() {
    if (Stream.of(registries, certsD, containerdConfig, registriesConf, daemonJson)
        .allMatch(Objects::isNull)) {
      throw new UsageException(
          "no configuration to check: add --registries FILE (K3s, RKE2), --certs-d DIR"
              + " (containerd), --registries-conf FILE (CRI-O, Podman) or --daemon-json FILE"
              + " (Docker)");
    }
  }

  /** The readers of the files that are given. */
  List<NodeReader> readers(Collection<Reference> images, FindingLog findings) {
    List<NodeReader> readers = new ArrayList<>();
    if (registries != null) {
      readers.addAll(K3sNode.readers(registries, settings(), images, findings));
    }
    ContainerdFile containerd =
        containerdConfig == null
            ? ContainerdFile.NONE
            : ContainerdFile.read(containerdConfig, Optional.ofNullable(certsD), images, findings);
    containerd.mirrors().ifPresent(readers::add);
    Optional.ofNullable(certsD)
        .or(containerd::configPath)
        .map(tree -> CertsTree.read(tree, containerd.logins(), images, findings))
        .ifPresent(readers::add);
    NodeLogins logins = authFile == null ? NodeLogins.NONE : NodeLogins.read(authFile, findings);
    if (registriesConf != null) {
      RegistriesConf.read(registriesConf, List.of(PODMAN, DOCKER), logins, images, findings)
          .ifPresent(readers::add);
    }
    if (daemonJson != null) {
      Path certs = dockerCerts == null ? DOCKER : dockerCerts;
      readers.addAll(DaemonJson.readers(daemonJson, certs, logins, images, findings));
    }
    return readers;
  }

  private K3sSettings settings() {
    return new K3sSettings(disableDefault, Optional.ofNullable(systemDefault), embedded, version());
  }

  /** Whose rules a registries.yaml was read by, in words; empty if there is none. */
  Optional<String> rules() {
    return registries == null
        ? Optional.empty()
        : Optional.of(version().map(K3sVersion::toString).orElse("v" + K3sVersion.NEWEST_KNOWN));
  }

  /** Whether they are those of the newest version, since none was given. */
  boolean isNewest() {
    return version == null;
  }

  private Optional<K3sVersion> version() {
    try {
      return Optional.ofNullable(version).map(K3sVersion::parse);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--node-version takes a version of K3s or RKE2, as v1.31.5+rke2r1, not "
              + Text.quote(String.valueOf(version)));
    }
  }
}
