package io.mirrorimages.nodes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import org.junit.jupiter.api.Test;

/**
 * The file was read by kubeadm 1.34's own types, with unknown fields as errors; {@code kubeadm
 * config validate} and {@code config images list} of 1.37.2 take it, and list these names.
 */
class KubeadmTest {
  @Test
  void corednsIsBelowAFolderOfItsName() throws Exception {
    assertThat(cluster(NodeSetups.of("h.io/k8s", Mapping.Layout.FLAT)))
        .contains(
            "\nimageRepository: \"h.io/k8s\"\n",
            "\ndns:\n",
            "  imageRepository: \"h.io/k8s/coredns\"\n")
        .doesNotContain("etcd");
  }

  @Test
  void namesFollowTheMappingWithoutAList() throws Exception {
    NodeSetup setup = NodeSetups.of("h.io", Mapping.Layout.BY_REGISTRY, "registry.k8s.io/pause:3");

    assertThat(cluster(setup))
        .contains("\nimageRepository: \"h.io/registry.k8s.io\"\n")
        .contains("  imageRepository: \"h.io/registry.k8s.io/coredns\"\n");
    assertThat(NodeSetups.file(new KubeadmNodes().configure(setup), "containerd-pause.toml"))
        .contains("  sandbox = \"h.io/registry.k8s.io/pause:")
        .contains("#   sandbox_image = \"h.io/registry.k8s.io/pause:");
  }

  @Test
  void rulesMayMoveEtcdAndCorednsOnly() throws Exception {
    assertThat(cluster(NodeSetups.mapped("h.io/p", "^etcd$=db/etcd")))
        .contains("etcd:\n  local:\n    imageRepository: \"h.io/p/db\"\n");
    assertThat(cluster(NodeSetups.mapped("h.io/p", "^coredns/coredns$=dns/coredns")))
        .contains("dns:\n", "  imageRepository: \"h.io/p/dns\"\n");
    assertThatThrownBy(() -> cluster(NodeSetups.mapped("h.io/p", "^kube-proxy$=x/kube-proxy")))
        .hasMessageContaining("h.io/p and h.io/p/x");
    assertThatThrownBy(() -> cluster(NodeSetups.mapped("h.io/p", "^etcd$=database")))
        .hasMessageContaining("name etcd, not for h.io/p/database");
  }

  @Test
  void aRegistryWithoutAProjectIsToldOfHarbor() throws Exception {
    assertThat(new KubeadmNodes().configure(NodeSetups.of("h.io", Mapping.Layout.FLAT)).remarks())
        .anyMatch(remark -> remark.startsWith("h.io/kube-apiserver is outside every project"));
  }

  private static String cluster(NodeSetup setup) throws Exception {
    return NodeSetups.file(new KubeadmNodes().configure(setup), "kubeadm.yaml");
  }
}
