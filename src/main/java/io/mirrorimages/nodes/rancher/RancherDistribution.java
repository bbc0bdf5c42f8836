package io.mirrorimages.nodes.rancher;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import java.util.ArrayList;
import java.util.List;

/**
 * K3s or RKE2. Both read the same files, below folders of their own.
 *
 * @param name also that of its folder below {@code /etc/rancher}
 * @param title as people call it
 * @param serverUnit the systemd unit of a server
 * @param agentUnit that of an agent
 */
public record RancherDistribution(String name, String title, String serverUnit, String agentUnit)
    implements NodeSystem {
  /** K3s. */
  public static final RancherDistribution K3S =
      new RancherDistribution("k3s", "K3s", "k3s", "k3s-agent");

  /** RKE2. */
  public static final RancherDistribution RKE2 =
      new RancherDistribution("rke2", "RKE2", "rke2-server", "rke2-agent");

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    String folder = "/etc/rancher/" + name;
    List<NodeFile> files = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    files.add(
        new NodeFile(folder + "/registries.yaml", NodeFile.PRIVATE, RegistriesYamlText.of(setup)));
    if (!setup.fallsBack()) {
      files.add(
          new NodeFile(
              folder + "/config.yaml.d/50-mirror-images.yaml",
              NodeFile.PRIVATE,
              "disable-default-registry-endpoint: true"));
      remarks.add(
          "disable-default-registry-endpoint keeps nodes from asking the original registries, whose"
              + " errors would hide those of the private one. It is known from v1.26.13, v1.27.10,"
              + " v1.28.6 and v1.29.1 on: leave the file out on older nodes.");
      if (equals(RKE2)) {
        remarks.add(
            "RKE2 pulls its runtime image, rancher/rke2-runtime, before containerd runs: that pull"
                + " heeds registries.yaml and not the switch, and tries Docker Hub last.");
      }
    }
    remarks.add(
        title
            + " reads these files at start only. It ignores keys that it does not know, so keep the"
            + " indentation.");
    if (setup.mirrors().stream().noneMatch(NodeMirror::isAny)) {
      remarks.add(
          "Images of registries that are not in the file are still pulled from there: write it"
              + " again when the list changes.");
    }
    setup
        .caFile()
        .ifPresent(
            file ->
                remarks.add(
                    "ca_file is the certificate of the authority that signed the registry's. If the"
                        + " file is missing, every pull fails. cert_file and key_file are for"
                        + " clients that log in by certificate."));
    return new NodeConfiguration(files, steps(setup, folder), remarks);
  }

  /** The command by which its containerd is asked on a node. */
  String crictl() {
    return equals(K3S)
        ? "k3s crictl"
        : "/var/lib/rancher/rke2/bin/crictl --config /var/lib/rancher/rke2/agent/etc/crictl.yaml";
  }

  private List<String> steps(NodeSetup setup, String folder) {
    List<String> steps = new ArrayList<>();
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add("Put the authority's certificate at `%s`, mode 0644.".formatted(file)));
    steps.add(
        "Put the files below in place on each node, servers and agents, as root, before the"
            + " start.");
    if (setup.username().isPresent()) {
      steps.add(
          "Replace %s in %s/registries.yaml by the password of %s."
              .formatted(NodeSetup.PASSWORD, folder, setup.username().get()));
    }
    steps.add(
        "Restart: `systemctl restart %s` (agents: `systemctl restart %s`)."
            .formatted(serverUnit, agentUnit));
    steps.add(
        "Check, with an image of the list: `%s pull %s`".formatted(crictl(), setup.example()));
    return steps;
  }
}
