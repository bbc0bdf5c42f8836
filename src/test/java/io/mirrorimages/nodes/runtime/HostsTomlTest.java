package io.mirrorimages.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What containerd is to read; PullIT has a real one pull with it. containerd 2.4.2 has pulled by
 * its CRI plugin with both snippets of config.toml and these files: by http from a project, and by
 * https with an authority of its own and a login.
 */
class HostsTomlTest {
  @Test
  void withoutFallbackTheRegistryIsTheServerToo() throws Exception {
    NodeSetup setup =
        NodeSetups.withLogin(
            NodeSetups.of("h.io:8443/proj", Mapping.FLAT, List.of()), "/etc/ca.pem", "u");

    Map<String, String> files = files(setup);

    assertThat(files.keySet())
        .containsExactlyInAnyOrder("c/_default/hosts.toml", "c/h.io:8443/hosts.toml");
    assertThat(files.get("c/_default/hosts.toml"))
        .contains(
            """
            server = "https://h.io:8443/v2/proj"
            override_path = true
            ca = "/etc/ca.pem"
            skip_verify = true

            [host."https://h.io:8443/v2/proj"]
              capabilities = ["pull", "resolve"]
              override_path = true
              ca = "/etc/ca.pem"
              skip_verify = true
            """);
    assertThat(files.get("c/h.io:8443/hosts.toml"))
        .contains("server = \"https://h.io:8443\"\nca = ")
        .doesNotContain("override_path");
  }

  @Test
  void withFallbackThereIsNoServer() throws Exception {
    assertThat(
            files(NodeSetups.withFallback(NodeSetups.of("h.io", Mapping.FLAT, List.of())))
                .get("c/_default/hosts.toml"))
        .doesNotContain("server =")
        .contains("[host.\"https://h.io\"]");
  }

  /** The path of the host, and the original one below it, is the one at the target. */
  @ParameterizedTest
  @EnumSource(Mapping.Layout.class)
  void eachImageOfRealListsIsWhereTheFileLeads(Mapping.Layout layout) throws Exception {
    List<String> images =
        NodeSetups.realRepositories().stream()
            .map(Repository::toString)
            .filter(name -> layout != Mapping.Layout.RANCHER || !name.contains("/library/"))
            .toList();
    NodeSetup setup = NodeSetups.of("h.io/proj", new Mapping(layout, List.of()), images);

    Map<String, String> files = files(setup);

    for (String image : images) {
      Repository repository = Reference.parse(image).repository();
      String path = setup.destination().path(repository);
      String prefix = path.substring(0, path.length() - repository.path().length() - 1);
      assertThat(files.get("c/" + repository.registry() + "/hosts.toml"))
          .as(image)
          .contains("[host.\"https://h.io/v2/" + prefix + "\"]");
    }
  }

  @Test
  void namesThatNoPrefixMakesAreRefusedWithThoseThatDiffer() {
    NodeSetup setup =
        NodeSetups.of(
            "h.io/p",
            new Mapping(Mapping.Layout.RANCHER, List.of()),
            List.of("rancher/a", "rancher/b", "rancher/c", "busybox"));

    assertThatThrownBy(() -> HostsToml.files(setup, "c", "containerd"))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("docker.io/library/busybox as p/rancher/busybox");
  }

  @Test
  void kindMountsTheFilesAndPatchesContainerd() throws Exception {
    NodeSetup setup =
        NodeSetups.withLogin(NodeSetups.of("h.io", Mapping.FLAT, List.of()), "/etc/ca.pem", "r$u");

    NodeFile file = new KindNodes().configure(setup).files().getFirst();

    assertThat(file.mode()).isEqualTo(NodeFile.PRIVATE);
    Map<?, ?> cluster = new Yaml().load(file.text());
    assertThat(((List<?>) cluster.get("containerdConfigPatches")).getFirst().toString())
        .contains("config_path = \"/etc/containerd/certs.d\"", "username = \"r$u\"");
    Map<?, ?> node = (Map<?, ?>) ((List<?>) cluster.get("nodes")).getFirst();
    assertThat(node.get("extraMounts").toString())
        .contains("hostPath=./certs.d, containerPath=/etc/containerd/certs.d")
        .contains("hostPath=/etc/ca.pem, containerPath=/etc/ca.pem");
  }

  @Test
  void isuladTakesNoPathAndNamesOfOtherRegistriesAreSaid() throws Exception {
    NodeSetup setup =
        NodeSetups.byHttp(NodeSetups.of("h.io", Mapping.FLAT, List.of("busybox", "quay.io/a/b")));

    NodeConfiguration configuration = new IsulaNodes().configure(setup);

    assertThat(configuration.files().getFirst().text())
        .contains("\"http://h.io\"", "\"insecure-registries\" : [ \"h.io\" ]");
    assertThat(configuration.remarks().getFirst()).contains("quay.io");
    assertThatThrownBy(
            () -> new IsulaNodes().configure(NodeSetups.of("h.io/p", Mapping.FLAT, List.of())))
        .hasMessageContaining("without a project");
  }

  private static Map<String, String> files(NodeSetup setup) throws Exception {
    return HostsToml.files(setup, "c", "containerd").stream()
        .collect(Collectors.toMap(NodeFile::path, NodeFile::text));
  }
}
