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
 */
public record K3sSettings(boolean disableDefault, Optional<String> systemDefaultRegistry) {

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
