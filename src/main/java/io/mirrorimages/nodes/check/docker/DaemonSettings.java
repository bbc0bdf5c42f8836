package io.mirrorimages.nodes.check.docker;

import io.mirrorimages.route.EndpointAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@code daemon.json} says about pulls.
 *
 * @param file as it was named
 * @param mirrors of Docker Hub, in their order
 * @param insecure by {@code host[:port]}
 * @param containerdStore whether images are kept by containerd; empty if the file does not say
 */
record DaemonSettings(
    String file,
    List<DaemonMirror> mirrors,
    Set<String> insecure,
    Optional<Boolean> containerdStore) {

  /** An address, and its line. */
  record DaemonMirror(EndpointAddress address, int line) {}

  /** Copies. */
  DaemonSettings {
    mirrors = List.copyOf(mirrors);
    insecure = Set.copyOf(insecure);
  }

  /** Whether a host is one of the mirrors. */
  boolean isMirror(String registry) {
    return mirrors.stream().anyMatch(mirror -> mirror.address().host().equals(registry));
  }
}
