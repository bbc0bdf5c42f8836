package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.image.Digest;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.Podman;
import io.mirrorimages.testing.Skopeo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code nodes} writes, in the hands of those who read it: images are found under their
 * original names where {@code load} has put them.
 */
class NodeFilesIT {
  private static final String SHELL = "docker.io/rancher/sample-shell:v0.1.0";
  private static final String PAUSE = "docker.io/rancher/mirrored-sample-pause:3.6";
  private static final String[] RENAMED = {"--map", "^rancher/sample-(.*)=tools/${1}"};
  private static final String[] BY_REGISTRY = {"--mapping", "by-registry"};

  @TempDir private static Path shared;
  private static DockerRegistry registry;
  private static Path sample;
  private static Path list;

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws Exception {
    registry = DockerRegistry.open();
    sample = shared.resolve("sample.tar");
    list = Files.writeString(shared.resolve("list.txt"), SHELL + "\n" + PAUSE + "\n");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    load("/renamed", RENAMED);
    load("", BY_REGISTRY);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  private static void load(String project, String... mapping) {
    List<Object> words =
        new ArrayList<>(List.of("load", "--archive", sample, "-r", registry.name() + project));
    Collections.addAll(words, mapping);
    Command load = Command.run(words.toArray());
    assertThat(load.exitCode()).as(load.err()).isZero();
  }

  /** The file of that path, as the command writes it. */
  private Path written(String kind, String file, String project, String... mapping) {
    Path tree = folder.resolve(kind);
    List<Object> words =
        new ArrayList<>(List.of("nodes", kind, "-r", registry.name() + project, "--plain-http"));
    Collections.addAll(words, "--list", list, "--output", tree);
    Collections.addAll(words, mapping);
    Command nodes = Command.run(words.toArray());
    assertThat(nodes.exitCode()).as(nodes.err()).isZero();
    return tree.resolve(file);
  }

  @Test
  void skopeoFindsRenamedImagesAndAsksNoOriginalRegistry() throws Exception {
    String conf =
        written(
                "podman",
                "etc/containers/registries.conf.d/50-mirror-images.conf",
                "/renamed",
                RENAMED)
            .toString();

    assertThat(digest("--registries-conf", conf, "inspect", "--raw", "docker://" + SHELL))
        .isEqualTo(loaded("renamed/tools/shell:v0.1.0"));
    assertThat(digest("--registries-conf", conf, "inspect", "--raw", "docker://" + PAUSE))
        .isEqualTo(loaded("renamed/rancher/mirrored-sample-pause:3.6"));
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
        written("crio", "etc/containers/registries.conf.d/50-mirror-images.conf", "", BY_REGISTRY);
    Podman podman = new Podman(folder.resolve("storage"));
    podman.registries(Files.readString(conf));

    podman.pull("--quiet", PAUSE);

    assertThat(podman.run("images", "--format", "{{.Repository}}:{{.Tag}}")).contains(PAUSE);
  }

  @Test
  void distributionCachesTheRegistry() throws Exception {
    Path config = written("distribution", "etc/docker/registry/config.yml", "", BY_REGISTRY);

    try (DockerRegistry cache = DockerRegistry.configured(Files.readString(config))) {
      String path = "docker.io/rancher/sample-shell:v0.1.0";
      assertThat(raw(cache.name() + "/" + path)).isEqualTo(loaded(path));
      assertThatThrownBy(() -> raw(cache.name() + "/docker.io/a/b:1"))
          .hasMessageContaining("unknown");
    }
  }

  private static Digest loaded(String path) throws Exception {
    return raw(registry.name() + "/" + path);
  }

  private static Digest raw(String name) throws Exception {
    return digest("inspect", "--raw", "--tls-verify=false", "docker://" + name);
  }

  private static Digest digest(String... skopeo) throws Exception {
    return Digest.sha256(Skopeo.run(skopeo));
  }
}
