package io.mirrorimages.nodes.kubernetes;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/**
 * kubeadm: its images get other names, and those of the container runtime below it stay as they
 * are.
 */
public final class KubeadmNodes implements NodeSystem {
  private static final String FILE = "kubeadm.yaml";
  private static final String PAUSE = "containerd-pause.toml";

  @Override
  public String name() {
    return "kubeadm";
  }

  @Override
  public String title() {
    return "kubeadm";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    KubernetesImages images = KubernetesImages.of(setup);
    List<NodeFile> files =
        List.of(
            new NodeFile(FILE, NodeFile.PUBLIC, cluster(images)),
            new NodeFile(PAUSE, NodeFile.PUBLIC, pause(images)));
    return new NodeConfiguration(files, steps(), remarks(setup, images));
  }

  private static String cluster(KubernetesImages images) {
    List<String> lines = new ArrayList<>();
    lines.add("# v1beta4: kubeadm 1.31 and later. Write v1beta3 for 1.22 to 1.30.");
    lines.add("apiVersion: kubeadm.k8s.io/v1beta4");
    lines.add("kind: ClusterConfiguration");
    lines.add("# Keep this to the release that the list was made for.");
    lines.add("# kubernetesVersion: v1.34.0");
    lines.add("imageRepository: " + TextLiteral.quoted(images.common()));
    lines.add("dns:");
    lines.add("  # kubeadm puts /coredns behind this name, once; the upstream name has it twice.");
    lines.add("  imageRepository: " + TextLiteral.quoted(images.coredns()));
    if (!images.etcd().equals(images.common())) {
      lines.add("etcd:");
      lines.add("  local:");
      lines.add("    imageRepository: " + TextLiteral.quoted(images.etcd()));
    }
    return String.join("\n", lines);
  }

  private static String pause(KubernetesImages images) {
    String pause = TextLiteral.quoted(images.pause() + "/pause:3.10");
    return String.join(
        "\n",
        "# The sandbox image is the runtime's affair. Put the tag that this prints:",
        "# kubeadm config images list",
        "# containerd 2.x:",
        "version = 3",
        "[plugins.\"io.containerd.cri.v1.images\".pinned_images]",
        "  sandbox = " + pause,
        "# containerd 1.x, in place of the lines above:",
        "# version = 2",
        "# [plugins.\"io.containerd.grpc.v1.cri\"]",
        "#   sandbox_image = " + pause,
        "# CRI-O, in /etc/crio/crio.conf.d: [crio.image] and pause_image = " + pause);
  }

  private static List<String> steps() {
    List<String> steps = new ArrayList<>();
    steps.add(
        "Configure the container runtime of each node first, with the same registry, certificate"
            + " and login: `mirror-images nodes containerd` with the same options (or crio).");
    steps.add(
        "Set the sandbox image in the runtime's own file as in "
            + PAUSE
            + ", and restart it: `systemctl restart containerd`");
    steps.add(
        "Check the names, which have to be those at the registry: `kubeadm config images list"
            + " --config "
            + FILE
            + "`");
    steps.add("Check that they can be pulled: `kubeadm config images pull --config " + FILE + "`");
    steps.add("Start the cluster: `kubeadm init --config " + FILE + "`");
    return steps;
  }

  private static List<String> remarks(NodeSetup setup, KubernetesImages images) {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "With a mirror of registry.k8s.io in the runtime none of these names has to change: leave"
            + " both files out then. They are for clusters whose images shall carry the private"
            + " registry's name.");
    remarks.add(
        "`kubeadm init --image-repository` sets the first name only, and coredns is looked for at "
            + images.common()
            + "/coredns then, where it is not.");
    if (setup.username().isPresent()) {
      remarks.add("kubeadm sends no login: the runtime has it, or the projects are public.");
    }
    images.single().ifPresent(remarks::add);
    remarks.add(
        "In a cluster that exists, change it with `kubectl -n kube-system edit configmap"
            + " kubeadm-config`; it counts from the next kubeadm upgrade on.");
    return remarks;
  }
}
