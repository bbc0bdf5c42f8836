package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeReader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** A K3s or RKE2 node with its {@code registries.yaml}. */
public final class K3sNode {
  private K3sNode() {}

  /**
   * The readers of a file, that of the kubelet first; none if K3s does not start with it.
   *
   * @param disableDefault whether the node has {@code disable-default-registry-endpoint}
   * @param images the images that findings are about; may be empty
   * @param findings receives what is wrong
   * @throws io.mirrorimages.image.InvalidContentException if the file can't be read
   */
  public static List<NodeReader> readers(
      Path file, boolean disableDefault, Collection<Reference> images, FindingLog findings) {
    return K3sFile.read(file, findings)
        .map(read -> readers(read, disableDefault, images, findings))
        .orElse(List.of());
  }

  static List<NodeReader> readers(
      K3sRegistries read,
      boolean disableDefault,
      Collection<Reference> images,
      FindingLog findings) {
    List<NodeReader> readers =
        List.of(new KubeletPulls(read, disableDefault), new BootstrapPulls(read));
    new EntryLint(read, disableDefault, findings).run();
    new RewriteLint(read, images, findings).run();
    new ImageLint(read, readers, images, findings).run();
    return readers;
  }
}
