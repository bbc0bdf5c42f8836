package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.ConfigurationFolder;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import io.mirrorimages.nodes.system.NodeSystems;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.Podman;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the kinds of nodes write, read by those who pull: images are found under their original
 * names where the mapping of {@code load} puts them.
 */
class NodeFilesIT {
  private static final String SHELL = "docker.io/rancher/sample-shell:v0.1.0";
  private static final String PAUSE = "docker.io/rancher/mirrored-sample-pause:3.6";

  private static DockerRegistry registry;
  private static NodeSetup renamed;
  private static NodeSetup byRegistry;
  private static Manifest shell;
  private static Manifest pause;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws Exception {
    registry = DockerRegistry.open();
    String rule = "^rancher/sample-(.*)=tools/${1}";
    renamed =
        NodeSetups.byHttp(NodeSetups.mapped(registry.name() + "/renamed", rule, SHELL, PAUSE));
    byRegistry =
        NodeSetups.byHttp(NodeSetups.of(registry.name(), Mapping.Layout.BY_REGISTRY, SHELL, PAUSE));
    TestImages images = new TestImages();
    shell = images.image(TestImages.AMD64, images.layer("shell", 100));
    pause = images.image(TestImages.AMD64, images.layer("pause", 100));
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      for (NodeSetup setup : List.of(renamed, byRegistry)) {
        for (Map.Entry<String, Manifest> image : Map.of(SHELL, shell, PAUSE, pause).entrySet()) {
          String name = setup.destination().name(Reference.parse(image.getKey())).toString();
          images.store(images.plan(name, image.getValue()), registries.asTarget());
        }
      }
    }
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  /** The file of that path, as the command writes it. */
  private Path written(String kind, String file, NodeSetup setup) throws Exception {
    Path tree = folder.resolve(kind);
    new ConfigurationFolder(tree)
        .write(NodeSystems.find(kind).orElseThrow().configure(setup).files());
    return tree.resolve(file);
  }

  @Test
  void skopeoFindsRenamedImagesAndAsksNoOriginalRegistry() throws Exception {
    String conf =
        written("podman", "etc/containers/registries.conf.d/50-mirror-images.conf", renamed)
            .toString();

    assertThat(digest("--registries-conf", conf, "inspect", "--raw", "docker://" + SHELL))
        .isEqualTo(shell.digest());
    assertThat(digest("--registries-conf", conf, "inspect", "--raw", "docker://" + PAUSE))
        .isEqualTo(pause.digest());
    for (String other : List.of("docker.io/rancher/sample-shell:none", "docker.io/a/b:1")) {
      assertThatThrownBy(
              () -> Skopeo.run("--registries-conf", conf, "inspect", "--raw", "docker://" + other))
          .hasMessageContaining("is blocked");
    }
  }

  @Test
  void podmanPullsByThePrefixOfTheRegistry() throws Exception {
    assumeTrue(Podman.canRun(), "needs podman, and root");
    Path conf =
        written("crio", "etc/containers/registries.conf.d/50-mirror-images.conf", byRegistry);
    Podman podman = new Podman(folder.resolve("storage"));
    podman.registries(Files.readString(conf));

    podman.pull("--quiet", PAUSE);

    assertThat(podman.run("images", "--format", "{{.Repository}}:{{.Tag}}")).contains(PAUSE);
  }

  @Test
  void distributionCachesTheRegistry() throws Exception {
    Path config = written("distribution", "etc/docker/registry/config.yml", byRegistry);

    try (DockerRegistry cache = DockerRegistry.configured(Files.readString(config))) {
      String path = "docker.io/rancher/sample-shell:v0.1.0";
      assertThat(raw(cache.name() + "/" + path)).isEqualTo(shell.digest());
      assertThatThrownBy(() -> raw(cache.name() + "/docker.io/a/b:1"))
          .hasMessageContaining("unknown");
    }
  }

  private static Digest raw(String name) throws Exception {
    return digest("inspect", "--raw", "--tls-verify=false", "docker://" + name);
  }

  private static Digest digest(String... skopeo) throws Exception {
    return Digest.sha256(Skopeo.run(skopeo));
  }
}
