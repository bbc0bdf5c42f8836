package io.mirrorimages.nodes.check.docker;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.CertificateFolders;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeLogin;
import io.mirrorimages.nodes.check.NodeLogins;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.NodeTls;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.nodes.check.docker.DaemonSettings.DaemonMirror;
import io.mirrorimages.route.EndpointAddress;
import io.mirrorimages.route.Loopback;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Docker with the image store of its own: {@code registry-mirrors} are for Docker Hub only, and
 * have no path and no login; all other images come from their registries. Thread-safe.
 */
final class ClassicStore implements NodeReader {
  private final DaemonSettings settings;
  private final CertificateFolders certificates;
  private final NodeLogins logins;

  /** Asks with the certificates of each host, and the login of the image's registry. */
  ClassicStore(DaemonSettings settings, CertificateFolders certificates, NodeLogins logins) {
    this.settings = settings;
    this.certificates = certificates;
    this.logins = logins;
  }

  @Override
  public String label() {
    return "Docker (daemon.json)";
  }

  @Override
  public boolean isMirror(String registry) {
    return settings.isMirror(registry);
  }

  @Override
  public Resolution resolve(Reference image) {
    String registry = image.repository().registry();
    List<NodeAttempt> attempts = new ArrayList<>();
    if (registry.equals(DockerHub.NAME)) {
      for (DaemonMirror mirror : settings.mirrors()) {
        String root = EndpointAddress.clean(mirror.address().path());
        String api = root.equals("/v2") ? root : root + "/v2";
        attempts.addAll(mirror(mirror, api, image));
      }
    }
    attempts.addAll(itself(image));
    return new Resolution(label(), image, attempts);
  }

  /** The image at a mirror, whose API has that root. */
  List<NodeAttempt> mirror(DaemonMirror mirror, String root, Reference image) {
    EndpointAddress address = mirror.address();
    String why = settings.file() + ":" + mirror.line();
    return attempts(address.scheme(), address.host(), root, image, false, why, NodeLogin.ANONYMOUS);
  }

  /** The image at its own registry. */
  List<NodeAttempt> itself(Reference image) {
    String registry = image.repository().registry();
    return attempts(
        "https",
        DockerHub.serverOf(registry),
        "/v2",
        image,
        true,
        "the registry itself",
        logins.ofRegistry(registry));
  }

  /** An insecure registry is tried over https without verification, then over http. */
  private List<NodeAttempt> attempts(
      String scheme,
      String host,
      String root,
      Reference image,
      boolean origin,
      String why,
      NodeLogin login) {
    boolean skips =
        settings.insecure().contains(host) || Loopback.covers(host.replaceFirst(":[0-9]+$", ""));
    NodeTls found = certificates.of(host);
    NodeAttempt attempt =
        new NodeAttempt(
            scheme,
            host,
            root,
            image.repository().path(),
            origin,
            login,
            skips ? found.withoutVerification(DaemonFile.INSECURE) : found,
            why,
            Optional.empty());
    return skips && scheme.equals("https")
        ? List.of(attempt, attempt.over("http"))
        : List.of(attempt);
  }
}
