package io.mirrorimages.nodes.runtime;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/** kind, whose nodes are containers with a containerd in each. */
public final class KindNodes implements NodeSystem {
  private static final String FOLDER = "certs.d";

  @Override
  public String name() {
    return "kind";
  }

  @Override
  public String title() {
    return "kind";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    List<NodeFile> files = new ArrayList<>();
    files.add(
        new NodeFile(
            "kind.yaml",
            setup.username().isPresent() ? NodeFile.PRIVATE : NodeFile.PUBLIC,
            String.join("\n", cluster(setup))));
    files.addAll(HostsToml.files(setup, FOLDER, title()));
    List<String> steps = new ArrayList<>();
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add(
                    "Put the authority's certificate at `%s` of this machine: it is mounted at the same path of each node."
                        .formatted(file)));
    steps.add("Keep kind.yaml and the folder certs.d in one folder, and work there.");
    setup
        .username()
        .ifPresent(
            name ->
                steps.add(
                    "Replace %s in kind.yaml by the password of %s."
                        .formatted(NodeSetup.PASSWORD, name)));
    steps.add("Create the cluster: `kind create cluster --config kind.yaml`");
    steps.add(
        "Check, with an image of the list: `docker exec kind-control-plane crictl pull %s`"
            .formatted(setup.example()));
    List<String> remarks = new ArrayList<>(ContainerdNodes.remarks(setup));
    remarks.add(
        "Further nodes need the same extraMounts. The image of the nodes, kindest/node, is pulled"
            + " by Docker or Podman, which have a configuration of their own.");
    remarks.add(
        "Patches with registry.mirrors, as in older instructions, keep containerd 2.2 (kind 0.31"
            + " and later) from starting its CRI plugin.");
    remarks.add(
        "localhost is the node itself within a node: name the registry by an address that the"
            + " containers reach.");
    return new NodeConfiguration(files, steps, remarks);
  }

  private static List<String> cluster(NodeSetup setup) {
    List<String> lines = new ArrayList<>();
    lines.add("kind: Cluster");
    lines.add("apiVersion: kind.x-k8s.io/v1alpha4");
    lines.add("containerdConfigPatches:");
    lines.add("  - |-");
    ContainerdConfig.VERSION_2
        .tables(setup)
        .forEach(line -> lines.add(line.isEmpty() ? "" : "    " + line));
    lines.add("nodes:");
    lines.add("  - role: control-plane");
    lines.add("    extraMounts:");
    mount("./" + FOLDER, ContainerdConfig.CERTS, lines);
    setup.caFile().ifPresent(file -> mount(file, file, lines));
    return lines;
  }

  private static void mount(String host, String node, List<String> lines) {
    lines.add("      - hostPath: " + TextLiteral.quoted(host));
    lines.add("        containerPath: " + TextLiteral.quoted(node));
    lines.add("        readOnly: true");
  }
}
