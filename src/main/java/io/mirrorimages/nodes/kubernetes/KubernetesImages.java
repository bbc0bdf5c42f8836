package io.mirrorimages.nodes.kubernetes;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Repository;
import io.mirrorimages.nodes.NodeSetup;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the images of {@code registry.k8s.io} that make a control plane are at the private
 * registry: each without its last part, which no installer lets one change.
 *
 * @param common that of the API server, the controller manager, the scheduler and the proxy
 * @param etcd that of etcd
 * @param coredns that of coredns, which is {@code coredns/coredns} upstream
 * @param pause that of the sandbox image
 */
record KubernetesImages(String common, String etcd, String coredns, String pause) {
  private static final String UPSTREAM = "registry.k8s.io";
  private static final List<String> CONTROL_PLANE =
      List.of("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy");

  /**
   * Those of the setup.
   *
   * @throws TransferException {@link FailureKind#OPTION} if the mapping tears the images apart or
   *     changes the last part of a name
   */
  static KubernetesImages of(NodeSetup setup) throws TransferException {
    Set<String> common = new LinkedHashSet<>();
    for (String image : CONTROL_PLANE) {
      common.add(folder(setup, image));
    }
    if (common.size() > 1) {
      throw new TransferException(
          FailureKind.OPTION,
          "kubeadm has one name for the images of the control plane, not "
              + String.join(" and ", common)
              + ": load them without "
              + Setting.MAP
              + ", and give the same here");
    }
    return new KubernetesImages(
        common.iterator().next(),
        folder(setup, "etcd"),
        folder(setup, "coredns/coredns"),
        folder(setup, "pause"));
  }

  private static String folder(NodeSetup setup, String path) throws TransferException {
    String target = setup.host() + "/" + setup.destination().path(new Repository(UPSTREAM, path));
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (!target.endsWith("/" + last)) {
      throw new TransferException(
          FailureKind.OPTION,
          "kubeadm looks for an image with the name "
              + last
              + ", not for "
              + target
              + ": load it without "
              + Setting.MAP
              + ", and give the same here");
    }
    return target.substring(0, target.length() - last.length() - 1);
  }

  /** What to know if images are outside every project. */
  Optional<String> single() {
    return common.contains("/")
        ? Optional.empty()
        : Optional.of(
            "%s/kube-apiserver is outside every project, which Harbor refuses: name a project behind the registry, in load too."
                .formatted(common));
  }
}
