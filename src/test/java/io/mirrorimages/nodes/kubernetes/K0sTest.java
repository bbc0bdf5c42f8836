package io.mirrorimages.nodes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import org.junit.jupiter.api.Test;

/** k0s' drop-ins, and minikube's files. */
class K0sTest {
  private static final NodeSetup FLAT = NodeSetups.of("h.io/proj", Mapping.Layout.FLAT);
  private static final String CERTS = "/etc/k0s/containerd.d/certs.d";

  /** k0s 1.36 refuses to start with a drop-in that has either word of the former version. */
  @Test
  void theDropInInPlaceHasNothingOfTheFormerVersion() throws Exception {
    NodeConfiguration configuration =
        new K0sNodes().configure(NodeSetups.guarded(FLAT, "robot$p", "/etc/ca.pem"));

    assertThat(configuration.files())
        .filteredOn(file -> file.path().matches("/etc/k0s/containerd.d/[^/]*[.]toml"))
        .singleElement()
        .satisfies(
            file ->
                assertThat(file.text())
                    .startsWith("version = 3\n")
                    .contains("config_path = \"" + CERTS + "\"", "username = \"robot$p\"")
                    .doesNotContain("grpc.v1.cri"))
        .returns(NodeFile.PRIVATE, NodeFile::mode);
    assertThat(NodeSetups.file(configuration, "mirror-images-before-1.36.toml"))
        .contains("version = 2\n", "grpc.v1.cri", "config_path = \"" + CERTS + "\"");
    assertThat(NodeSetups.file(configuration, CERTS + "/_default/hosts.toml"))
        .contains("[host.\"https://h.io/v2/proj\"]", "override_path = true");
  }

  @Test
  void itsOwnNamesAreReplacedOnlyWhereTheMappingDropsTheRegistryToo() throws Exception {
    assertThat(NodeSetups.file(new K0sNodes().configure(FLAT), "k0s-images.yaml"))
        .contains("spec:\n  images:\n    repository: \"h.io/proj\"\n");

    NodeConfiguration other =
        new K0sNodes().configure(NodeSetups.of("h.io", Mapping.Layout.BY_REGISTRY, "quay.io/a/b"));
    assertThat(other.files()).noneMatch(file -> file.path().endsWith(".yaml"));
    assertThat(other.remarks()).anyMatch(remark -> remark.contains("leave it unset"));
  }

  @Test
  void minikubeCopiesTheFilesAndTheCertificate() throws Exception {
    NodeConfiguration configuration =
        new MinikubeNodes().configure(NodeSetups.guarded(FLAT, "u", "/etc/ca.pem"));

    assertThat(
            NodeSetups.file(
                configuration, ".minikube/files/etc/containerd/certs.d/_default/hosts.toml"))
        .contains("ca = \"/etc/ca.pem\"");
    assertThat(configuration.steps())
        .anyMatch(step -> step.contains("~/.minikube/files/etc/ca.pem"))
        .anyMatch(step -> step.contains("--container-runtime=containerd"));
    assertThat(configuration.remarks())
        .anyMatch(remark -> remark.contains("projects have to be public"))
        .anyMatch(remark -> remark.contains("--image-repository=h.io/proj"));
  }

  @Test
  void renamedRepositoriesAreRefused() {
    NodeSetup renamed = NodeSetups.mapped("h.io", "^a/=b/", "a/x", "c/d");

    assertThatThrownBy(() -> new K0sNodes().configure(renamed)).hasMessageContaining("k0s finds");
    assertThatThrownBy(() -> new MinikubeNodes().configure(renamed))
        .hasMessageContaining("minikube finds");
  }
}
