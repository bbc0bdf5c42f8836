package io.mirrorimages.nodes.system;

import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.cache.DistributionCache;
import io.mirrorimages.nodes.cache.HarborProxy;
import io.mirrorimages.nodes.cache.ZotCache;
import io.mirrorimages.nodes.containers.CriONodes;
import io.mirrorimages.nodes.containers.PodmanNodes;
import io.mirrorimages.nodes.kubernetes.K0sNodes;
import io.mirrorimages.nodes.kubernetes.KubeadmNodes;
import io.mirrorimages.nodes.kubernetes.MinikubeNodes;
import io.mirrorimages.nodes.kubernetes.TalosNodes;
import io.mirrorimages.nodes.rancher.RancherDistribution;
import io.mirrorimages.nodes.rancher.RancherNodes;
import io.mirrorimages.nodes.runtime.ContainerdNodes;
import io.mirrorimages.nodes.runtime.DockerNodes;
import io.mirrorimages.nodes.runtime.IsulaNodes;
import io.mirrorimages.nodes.runtime.KataNodes;
import io.mirrorimages.nodes.runtime.KindNodes;
import io.mirrorimages.nodes.runtime.NerdctlNodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All systems by their names. */
public final class NodeSystems {
  private static final Map<String, NodeSystem> ALL = new TreeMap<>();

  static {
    for (NodeSystem system :
        List.of(
            RancherDistribution.K3S,
            RancherDistribution.RKE2,
            new RancherNodes(),
            new ContainerdNodes(),
            new NerdctlNodes(),
            new KindNodes(),
            new IsulaNodes(),
            new KataNodes(),
            new CriONodes(),
            new KubeadmNodes(),
            new PodmanNodes(),
            new TalosNodes(),
            new DistributionCache(),
            new HarborProxy(),
            new ZotCache(),
            new DockerNodes(),
            new K0sNodes(),
            new MinikubeNodes())) {
      ALL.put(system.name(), system);
    }
  }

  private NodeSystems() {}

  /** Their names, sorted. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** The system of that name; empty if there is none. */
  public static Optional<NodeSystem> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }
}
