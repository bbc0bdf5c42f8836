package io.mirrorimages.nodes.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import org.junit.jupiter.api.Test;

/** registries.conf, as containers/image reads it; RegistriesConfIT has the real readers. */
class RegistriesConfTextTest {
  private static final NodeSetup BY_REGISTRY =
      NodeSetups.of("h.io", Mapping.Layout.BY_REGISTRY, "quay.io/a/b:1", "busybox");

  @Test
  void aMappingByRegistryIsOnePrefixForEach() throws Exception {
    assertThat(RegistriesConfText.of(BY_REGISTRY))
        .contains(
            """

            [[registry]]
            prefix = "docker.io"
            location = "docker.io"
            blocked = true
            [[registry.mirror]]
            location = "h.io/docker.io"

            [[registry]]
            prefix = "quay.io"
            location = "quay.io"
            blocked = true
            [[registry.mirror]]
            location = "h.io/quay.io\"\
            """)
        .doesNotContain("insecure");
  }

  @Test
  void eachRenamedRepositoryHasATableAndTheRestOfItsRegistryIsBlocked() throws Exception {
    assertThat(
            RegistriesConfText.of(
                NodeSetups.mapped("h.io/p", "^rancher/(.*)=mirror/$1", "rancher/shell:1", "a/b")))
        .contains(
            """

            [[registry]]
            prefix = "docker.io"
            location = "docker.io"
            blocked = true

            [[registry]]
            prefix = "docker.io/a/b"
            location = "docker.io/a/b"
            blocked = true
            [[registry.mirror]]
            location = "h.io/p/a/b"

            [[registry]]
            prefix = "docker.io/rancher/shell"
            location = "docker.io/rancher/shell"
            blocked = true
            [[registry.mirror]]
            location = "h.io/p/mirror/shell\"\
            """);
  }

  @Test
  void withoutAListTheKnownRegistriesAreNamed() throws Exception {
    assertThat(RegistriesConfText.of(NodeSetups.of("h.io:5000/p", Mapping.Layout.FLAT)))
        .contains("prefix = \"docker.io\"", "prefix = \"ghcr.io\"", "prefix = \"registry.k8s.io\"")
        .contains("location = \"h.io:5000/p\"")
        .doesNotContain("*");
    assertThat(
            new PodmanNodes()
                .configure(NodeSetups.of("h.io", Mapping.Layout.FLAT))
                .remarks()
                .getFirst())
        .contains("quay.io", "give a list");
  }

  @Test
  void originalRegistriesAreAskedWhereThatIsWanted() throws Exception {
    assertThat(RegistriesConfText.of(NodeSetups.withFallback(BY_REGISTRY)))
        .contains("prefix = \"quay.io\"", "h.io/quay.io")
        .doesNotContain("blocked");
  }

  /** The block would hit the mirror too, which is at the same registry. */
  @Test
  void thePrivateRegistryItselfIsNeverBlocked() throws Exception {
    assertThat(
            RegistriesConfText.of(
                NodeSetups.of("h.io/p", Mapping.Layout.FLAT, "h.io/a/b", "c.io/a")))
        .contains(
            "prefix = \"h.io\"\nlocation = \"h.io\"\n[[registry.mirror]]\nlocation = \"h.io/p\"")
        .contains("location = \"c.io\"\nblocked = true");
  }

  @Test
  void httpHasToBeAllowed() throws Exception {
    assertThat(RegistriesConfText.of(NodeSetups.byHttp(BY_REGISTRY)))
        .contains("location = \"h.io/quay.io\"\ninsecure = true # http");
  }

  @Test
  void theLoginOfCriOIsAFileOfItsOwn() throws Exception {
    var configuration =
        new CriONodes().configure(NodeSetups.guarded(BY_REGISTRY, "robot$p", "/etc/pki/ca.pem"));

    assertThat(NodeSetups.file(configuration, "/etc/crio/crio.conf.d/50-mirror-images.conf"))
        .contains("[crio.image]\nglobal_auth_file = \"/etc/crio/mirror-images-auth.json\"");
    assertThat(configuration.files())
        .filteredOn(file -> file.text().contains("REPLACE-WITH"))
        .singleElement()
        .returns(NodeFile.PRIVATE, NodeFile::mode)
        .returns("/etc/crio/mirror-images-auth.json", NodeFile::path);
    assertThat(configuration.steps())
        .anyMatch(step -> step.contains("/etc/pki/ca.pem /etc/containers/certs.d/h.io/ca.crt"))
        .anyMatch(step -> step.contains("'robot$p' \"$P\" | base64"));
  }

  @Test
  void podmanLogsIn() throws Exception {
    var configuration =
        new PodmanNodes().configure(NodeSetups.guarded(BY_REGISTRY, "robot$p", "/ca.pem"));

    assertThat(configuration.files()).hasSize(1);
    assertThat(configuration.steps())
        .anyMatch(step -> step.contains("--username 'robot$p' h.io"))
        .noneMatch(step -> step.contains("systemctl"));
  }
}
