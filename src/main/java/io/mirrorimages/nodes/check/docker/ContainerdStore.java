package io.mirrorimages.nodes.check.docker;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.nodes.check.docker.DaemonSettings.DaemonMirror;
import io.mirrorimages.route.EndpointAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Docker 28 and later with the image store of containerd (moby's {@code daemon/hosts.go}): {@code
 * hosts.toml} files in {@code /etc/docker/certs.d} are for every registry; what {@code daemon.json}
 * says counts where they leave one host. The login is that of the image's registry, and goes to
 * that host only. Thread-safe.
 */
final class ContainerdStore implements NodeReader {
  private final DaemonSettings settings;
  private final NodeReader tree;
  private final ClassicStore classic;
  private final NodeLogins logins;

  /** Asks as {@code tree}, or as {@code classic} where there is nothing in the tree. */
  ContainerdStore(
      DaemonSettings settings, NodeReader tree, ClassicStore classic, NodeLogins logins) {
    this.settings = settings;
    this.tree = tree;
    this.classic = classic;
    this.logins = logins;
  }

  @Override
  public String label() {
    return "Docker, containerd image store";
  }

  @Override
  public boolean isMirror(String registry) {
    return settings.isMirror(registry) || tree.isMirror(registry);
  }

  @Override
  public Resolution resolve(Reference image) {
    String registry = image.repository().registry();
    List<NodeAttempt> hosts = tree.resolve(image).attempts();
    List<NodeAttempt> attempts = new ArrayList<>();
    boolean one = hosts.stream().map(host -> host.host() + host.root()).distinct().count() == 1;
    if (one && registry.equals(DockerHub.NAME)) {
      for (DaemonMirror mirror : settings.mirrors()) {
        String root = EndpointAddress.clean(mirror.address().path());
        String api = root.endsWith("/v2") ? root : root + "/v2";
        attempts.addAll(classic.mirror(mirror, api, image));
      }
    }
    if (one && hosts.getFirst().isDefault()) {
      attempts.addAll(classic.itself(image));
    } else {
      String own = DockerHub.serverOf(registry);
      hosts.stream()
          .map(host -> host.host().equals(own) ? host.as(logins.ofRegistry(registry)) : host)
          .forEach(attempts::add);
    }
    return new Resolution(label(), image, attempts);
  }
}
