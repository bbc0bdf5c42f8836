package io.mirrorimages.nodes.rancher;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.naming.Mapping;
import io.mirrorimages.naming.NameRule;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** What Rancher gets by its three ways of installing and making clusters. */
class RancherNodesTest {
  private static final List<String> IMAGES =
      List.of("rancher/shell:v1", "busybox", "quay.io/a/b:1");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "h.io, FLAT, h.io",
    "h.io:8443/proj, FLAT, h.io:8443/proj",
    "h.io, RANCHER, h.io",
    "h.io/proj, RANCHER, h.io/proj",
    "h.io/proj, BY_REGISTRY, h.io/proj/docker.io"
  })
  void theSystemDefaultRegistryIsWhatStandsBeforeTheNames(
      String registry, Mapping.Layout layout, String expected) throws Exception {
    NodeSetup setup = NodeSetups.of(registry, new Mapping(layout, List.of()), IMAGES);

    List<String> words = dockerRun(new RancherNodes().configure(setup));

    assertThat(words)
        .contains("CATTLE_SYSTEM_DEFAULT_REGISTRY=" + expected)
        .endsWith(expected + "/rancher/rancher:v2.12.2");
    assertThat(file(new RancherNodes().configure(setup), "rancher-values.yaml"))
        .contains("systemDefaultRegistry: \"" + expected + "\"");
  }

  @Test
  void namesThatNoPrefixMakesStayTheOriginalOnes() throws Exception {
    Mapping renamed =
        new Mapping(Mapping.Layout.FLAT, List.of(NameRule.parse("rancher/(.*)=mirror/$1")));
    NodeConfiguration configuration =
        new RancherNodes().configure(NodeSetups.of("h.io", renamed, IMAGES));

    assertThat(dockerRun(configuration))
        .noneMatch(word -> word.contains("SYSTEM_DEFAULT_REGISTRY"))
        .endsWith("docker.io/rancher/rancher:v2.12.2");
    assertThat(configuration.files()).noneMatch(file -> file.path().equals("rancher-values.yaml"));
    assertThat(configuration.remarks().getFirst()).contains("renames images of Docker Hub");
  }

  @Test
  void filesAreMountedAndPathsQuoted() throws Exception {
    NodeSetup setup =
        NodeSetups.withLogin(
            NodeSetups.of("h.io", Mapping.FLAT, List.of()), "/etc/my ca's.pem", "robot$pull");

    assertThat(dockerRun(new RancherNodes().configure(setup)))
        .containsSubsequence(
            "--volume",
            "/etc/rancher/k3s/registries.yaml:/etc/rancher/k3s/registries.yaml:ro",
            "--volume",
            "/etc/my ca's.pem:/etc/my ca's.pem:ro");
  }

  @Test
  void aClusterGetsTheMirrorsOfTheFile() throws Exception {
    NodeSetup setup =
        NodeSetups.withLogin(
            NodeSetups.of("h.io/p", new Mapping(Mapping.Layout.RANCHER, List.of()), IMAGES),
            "/ca.pem",
            "robot$pull");
    NodeConfiguration configuration = new RancherNodes().configure(setup);

    Map<?, ?> cluster = new Yaml().load(file(configuration, "cluster-registries.yaml"));

    Map<?, ?> rke = (Map<?, ?>) ((Map<?, ?>) cluster.get("spec")).get("rkeConfig");
    Map<?, ?> registries = (Map<?, ?>) rke.get("registries");
    Map<?, ?> nodes = new Yaml().load(file(configuration, "/etc/rancher/k3s/registries.yaml"));
    assertThat(registries.get("mirrors")).isEqualTo(nodes.get("mirrors"));
    assertThat(rke.get("machineGlobalConfig"))
        .isEqualTo(Map.of("disable-default-registry-endpoint", true));
    assertThat(registries.get("configs"))
        .isEqualTo(
            Map.of(
                "h.io",
                Map.of(
                    "authConfigSecretName",
                    "mirror-images-pull",
                    "caBundle",
                    "REPLACE-WITH-BASE64-OF-PEM",
                    "insecureSkipVerify",
                    true)));
    assertThat(configuration.steps())
        .anyMatch(step -> step.contains("create secret generic mirror-images-pull"));
  }

  @Test
  void aClusterWithoutFurtherSettingsIsValidToo() throws Exception {
    NodeSetup setup = NodeSetups.withFallback(NodeSetups.of("h.io", Mapping.FLAT, List.of()));

    String text = file(new RancherNodes().configure(setup), "cluster-registries.yaml");

    assertThat(new Yaml().<Map<?, ?>>load(text).toString())
        .contains("configs={h.io={}}")
        .doesNotContain("machineGlobalConfig");
  }

  private static String file(NodeConfiguration configuration, String path) {
    return configuration.files().stream()
        .filter(file -> file.path().equals(path))
        .map(NodeFile::text)
        .findFirst()
        .orElseThrow();
  }

  /** The words that docker gets of the written script. */
  private List<String> dockerRun(NodeConfiguration configuration) throws Exception {
    Path docker = Files.writeString(folder.resolve("docker"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
    Path script =
        Files.writeString(folder.resolve("run.sh"), file(configuration, "run-rancher.sh"));
    ProcessBuilder shell =
        new ProcessBuilder("/bin/sh", script.toString()).redirectErrorStream(true);
    shell.environment().put("PATH", folder + ":/usr/bin:/bin");
    shell.environment().put("RANCHER_VERSION", "v2.12.2");
    Process process = shell.start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(words).isZero();
    assertThat(words).startsWith("run\n");
    return words.lines().toList();
  }
}
