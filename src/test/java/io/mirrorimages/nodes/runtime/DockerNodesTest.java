package io.mirrorimages.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.image.Json;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import io.mirrorimages.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Docker's mirrors are for Docker Hub without a path; the rest is hosts.toml's. */
class DockerNodesTest {
  private static final String CONFIG = "/etc/docker/daemon.json";

  @Test
  void dockerHubAloneNeedsNoOtherImageStore() throws Exception {
    NodeConfiguration configuration =
        new DockerNodes().configure(NodeSetups.of("h.io", Mapping.Layout.FLAT, "busybox"));

    assertThat(NodeSetups.file(configuration, CONFIG))
        .isEqualTo("{\n  \"registry-mirrors\" : [ \"https://h.io\" ]\n}\n");
    assertThat(configuration.remarks()).noneMatch(remark -> remark.contains("can't find"));
  }

  /** A path in registry-mirrors gets /v2 behind it, or keeps dockerd from starting. */
  @Test
  void aProjectIsNoMirrorOfTheFormerKind() throws Exception {
    NodeConfiguration configuration =
        new DockerNodes()
            .configure(NodeSetups.of("h.io", Mapping.Layout.BY_REGISTRY, "busybox", "quay.io/a/b"));
    JsonNode config = Json.MAPPER.readTree(NodeSetups.file(configuration, CONFIG));

    assertThat(config.has("registry-mirrors")).isFalse();
    assertThat(config.at("/features/containerd-snapshotter").asBoolean()).isTrue();
    assertThat(NodeSetups.file(configuration, "/etc/docker/certs.d/quay.io/hosts.toml"))
        .contains("server = \"https://h.io/v2/quay.io\"", "override_path = true");
    assertThat(configuration.remarks().getFirst())
        .contains("can't find docker.io below docker.io, quay.io below quay.io there");
  }

  @Test
  void httpIsAllowedByHostWithoutAScheme() throws Exception {
    NodeSetup setup = NodeSetups.byHttp(NodeSetups.of("h.io:5000", Mapping.Layout.FLAT));
    JsonNode config =
        Json.MAPPER.readTree(NodeSetups.file(new DockerNodes().configure(setup), CONFIG));

    assertThat(config.at("/insecure-registries/0").asString()).isEqualTo("h.io:5000");
    assertThat(config.at("/registry-mirrors/0").asString()).isEqualTo("http://h.io:5000");
  }

  @Test
  void dockerdTakesTheFile(@TempDir Path folder) throws Exception {
    assumeTrue(Tool.isInstalled("dockerd"), "needs dockerd");
    assumeTrue(
        Tool.run(List.of("dockerd", "--help"), Map.of()).contains("--validate"),
        "needs dockerd 23 or newer");
    NodeSetup setup = NodeSetups.byHttp(NodeSetups.of("h.io:5000", Mapping.Layout.FLAT));
    Path file =
        Files.writeString(
            folder.resolve("daemon.json"),
            NodeSetups.file(new DockerNodes().configure(setup), CONFIG));

    assertThat(
            Tool.run(List.of("dockerd", "--validate", "--config-file", file.toString()), Map.of()))
        .contains("configuration OK");
  }
}
