package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.ResolvedOnce;
import io.mirrorimages.nodes.check.Uncovered;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A K3s or RKE2 node with its {@code registries.yaml}. */
public final class K3sNode {
  private K3sNode() {}

  /**
   * The readers of a file, that of the kubelet first; none if K3s does not start with it.
   *
   * @param settings the node's other options
   * @param images the images that findings are about; may be empty
   * @param findings receives what is wrong
   * @throws io.mirrorimages.image.InvalidContentException if the file can't be read
   */
  public static List<NodeReader> readers(
      Path file, K3sSettings settings, Collection<Reference> images, FindingLog findings) {
    return K3sFile.read(file, findings)
        .map(read -> readers(read, settings, images, findings))
        .orElse(List.of());
  }

  static List<NodeReader> readers(
      K3sRegistries read, K3sSettings settings, Collection<Reference> images, FindingLog findings) {
    List<NodeReader> readers =
        List.of(
            new ResolvedOnce(new KubeletPulls(read, settings)),
            new ResolvedOnce(new BootstrapPulls(read, settings.bootstrapRewritesDefault())));
    new EntryLint(read, settings, findings).run();
    new VersionLint(read, settings, findings).run();
    settings.systemDefaultRegistry().ifPresent(host -> systemDefault(host, read, findings));
    new RewriteLint(read, images, findings).run();
    Uncovered.find(readers.getFirst(), images, read.name(), findings);
    new ImageLint(read, readers, images, findings).run();
    return readers;
  }

  private static void systemDefault(String host, K3sRegistries read, FindingLog findings) {
    if (host.contains("://")) {
      findings.add(
          FindingKind.SYSTEM_DEFAULT_HTTP,
          "",
          0,
          "system-default-registry is a host without scheme: for http write "
              + K3sSettings.host(host)
              + ", and a mirror of that name whose endpoint is http://"
              + K3sSettings.host(host));
    }
    String bare = K3sSettings.host(host);
    Optional<K3sRegistries.K3sMirror> own = Optional.ofNullable(read.mirrors().get(bare));
    if (own.filter(mirror -> !mirror.endpoints().isEmpty()).isPresent()) {
      return;
    }
    read.mirrors().values().stream()
        .flatMap(mirror -> mirror.endpoints().stream())
        .filter(endpoint -> isHttp(endpoint.text(), bare))
        .findFirst()
        .ifPresent(
            endpoint ->
                findings.add(
                    FindingKind.SYSTEM_DEFAULT_HTTP,
                    read.name(),
                    endpoint.line(),
                    bare
                        + " is http here, but images of system-default-registry are asked for over"
                        + " https: add a mirror "
                        + bare
                        + " with the endpoint http://"
                        + bare));
  }

  private static boolean isHttp(String endpoint, String host) {
    return KubeletPulls.parse(endpoint)
        .filter(address -> address.scheme().equals("http") && address.host().equals(host))
        .isPresent();
  }
}
