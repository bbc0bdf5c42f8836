package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.util.Optional;

/**
 * Options of a K3s or RKE2 node beside its {@code registries.yaml}.
 *
 * @param disableDefault {@code disable-default-registry-endpoint}
 * @param systemDefaultRegistry as it was written
 * @param embedded {@code embedded-registry}
 * @param version empty for the newest whose rules are known
 */
public record K3sSettings(
    boolean disableDefault,
    Optional<String> systemDefaultRegistry,
    boolean embedded,
    Optional<K3sVersion> version) {

  /** Of the newest version, without an embedded registry. */
  public K3sSettings(boolean disableDefault, Optional<String> systemDefaultRegistry) {
    this(disableDefault, systemDefaultRegistry, false, Optional.empty());
  }

  /** Where the embedded registry of a node listens; empty if it has none. */
  Optional<String> embeddedHost() {
    boolean rke2 = version.filter(K3sVersion::isRke2).isPresent();
    return embedded ? Optional.of("127.0.0.1:" + (rke2 ? 9345 : 6443)) : Optional.empty();
  }

  /** Whether the bootstrap rewrites names also at the registry itself. */
  boolean bootstrapRewritesDefault() {
    return version.filter(v -> !v.has(K3sVersion.BOOTSTRAP_DEFAULT)).isPresent();
  }

  /** What the node calls an image: its own are renamed to the system's default registry. */
  public Reference renamed(Reference image) {
    Repository repository = image.repository();
    return systemDefaultRegistry.isPresent()
            && repository.registry().equals(DockerHub.NAME)
            && repository.path().startsWith("rancher/")
        ? image.in(
            Reference.parseRepository(host(systemDefaultRegistry.get()) + "/" + repository.path()))
        : image;
  }

  /** Without scheme and slash at its end. */
  static String host(String written) {
    return written.replaceFirst("^[a-z]+://", "").replaceFirst("/+$", "");
  }
}
