package io.mirrorimages.nodes.runtime;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import java.util.ArrayList;
import java.util.List;

/** Kata Containers, which pulls nothing itself. */
public final class KataNodes implements NodeSystem {
  private final NodeSystem below = new ContainerdNodes();

  @Override
  public String name() {
    return "kata";
  }

  @Override
  public String title() {
    return "Kata Containers";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    NodeConfiguration containerd = below.configure(setup);
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "Kata Containers runs what containerd or CRI-O have pulled: this is the configuration of"
            + " containerd; the one of CRI-O is that of kind crio.");
    remarks.add(
        "Where images are pulled within the virtual machine (confidential containers), that has a"
            + " configuration of its own, which these files do not reach.");
    remarks.addAll(containerd.remarks());
    List<String> steps = new ArrayList<>(containerd.steps());
    steps.add(
        "A pod with runtimeClassName: kata and that image shows that Kata Containers starts it.");
    return new NodeConfiguration(containerd.files(), steps, remarks);
  }
}
