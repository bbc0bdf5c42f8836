package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The archive as those read it who know {@code manifest.json} only: the loader of {@code docker
 * load}, and RKE2, which looks for its runtime image before it has a containerd.
 */
class DockerArchiveTest {
  private static final Platform WINDOWS = Platform.parse("windows/amd64");
  private static final Platform S390X = Platform.parse("linux/s390x");

  private final TestImages images = new TestImages();
  private final Layer shared = images.layer("shared", 3000);
  private final Manifest amd64 = images.image(TestImages.AMD64, shared, images.layer("a", 10));
  private final Manifest arm64 = images.image(TestImages.ARM64, shared, images.layer("b", 10));
  private final Manifest s390x = images.image(S390X, shared, images.layer("c", 10));
  private final Manifest docker = images.dockerImage(TestImages.ARM64, shared);
  private final Manifest windows = images.dockerImage(WINDOWS, images.layer("w", 10));
  private final Manifest chart =
      images.artifact(
          "application/vnd.cncf.helm.config.v1+json",
          "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
          new byte[] {1, 2, 3});

  @TempDir Path folder;
  private Path file;

  @Test
  void dockerLoadsEveryTaggedContainerImage() throws IOException {
    write(
        images.plan("rancher/index:v1", images.index(arm64, amd64)),
        images.plan("rancher/other:v1", images.index(arm64, s390x)),
        images.plan("quay.io/a/docker:2", docker),
        images.plan("busybox:1", amd64),
        images.plan("localhost:5000/x:1", arm64),
        images.plan("rancher/charts/x:1.2.3_up1", chart),
        images.plan("rancher/pinned@" + amd64.digest(), amd64));

    assertThat(dockerLoad("linux"))
        .containsExactly(
            Map.entry("docker.io/rancher/index:v1", config(amd64)),
            // Neither is preferred: the first there is.
            Map.entry("docker.io/rancher/other:v1", config(arm64)),
            Map.entry("quay.io/a/docker:2", config(docker)),
            Map.entry("docker.io/library/busybox:1", config(amd64)),
            Map.entry("localhost:5000/x:1", config(arm64)));
  }

  /** Docker gives up at the first image of another system, and keeps what it has by then. */
  @Test
  void dockerOnLinuxLoadsAllThatIsForLinuxAlthoughThereIsWindows() throws IOException {
    write(
        images.plan("rancher/wins:1", images.index(windows)),
        images.plan("rancher/both:1", images.index(windows, s390x)),
        images.plan("rancher/agent:1", images.index(windows, amd64)),
        images.plan("rancher/shell:1", amd64));

    assertThat(dockerLoad("linux"))
        .containsOnlyKeys(
            "docker.io/rancher/both:1", "docker.io/rancher/agent:1", "docker.io/rancher/shell:1");
    assertThat(runtimeImage("rancher/wins:1")).isEqualTo(layers(windows));
  }

  @Test
  void rke2FindsItsRuntimeImageByEverySpellingOfItsName() throws IOException {
    write(
        images.plan("quay.io/a/docker:2", docker),
        images.plan("rancher/rke2-runtime:v1.30.4-rke2r1", images.index(amd64, arm64)),
        images.plan("harbor.example.com:8443/mirror/rancher/rke2-runtime:v1", arm64));

    for (String name :
        List.of(
            "rancher/rke2-runtime:v1.30.4-rke2r1",
            "docker.io/rancher/rke2-runtime:v1.30.4-rke2r1",
            "index.docker.io/rancher/rke2-runtime:v1.30.4-rke2r1")) {
      assertThat(runtimeImage(name)).isEqualTo(layers(amd64));
    }
    assertThat(runtimeImage("harbor.example.com:8443/mirror/rancher/rke2-runtime:v1"))
        .isEqualTo(layers(arm64));
  }

  /** It is read as a stream from its beginning on, again for each file that is wanted. */
  @Test
  void theListComesBeforeAnyBlob() throws IOException {
    write(images.plan("rancher/index:v1", images.index(arm64, amd64)));

    assertThat(files().keySet().stream().limit(3))
        .containsExactly("oci-layout", "index.json", "manifest.json");
  }

  @Test
  void whatFailedIsNotInTheListAndDoesNotDisturbTheOthers() throws IOException {
    PlannedImage completed = images.plan("rancher/index:v1", images.index(arm64, amd64));
    List<PlannedImage> plan = List.of(images.plan("rancher/failed:1", windows), completed);
    file = folder.resolve("rancher.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, plan)) {
      images.store(completed, writer);
      writer.finish(List.of(completed));
    }

    assertThat(dockerLoad("linux")).containsOnlyKeys("docker.io/rancher/index:v1");
    assertThat(runtimeImage("rancher/index:v1")).isEqualTo(layers(amd64));
  }

  private void write(PlannedImage... plan) throws IOException {
    file = folder.resolve("rancher.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, List.of(plan))) {
      for (PlannedImage image : plan) {
        images.store(image, writer);
      }
      writer.finish(List.of(plan));
    }
  }

  /**
   * What {@code docker load} on {@code os} does with the file (moby, image/tarexport/load.go): all
   * of it is unpacked; then, for each entry of the list, config and layers are opened by path, the
   * layers decompressed and compared with the config's diff ids in their order, and the tags set.
   *
   * @return the config that each name stands for, up to the first image of another system
   */
  private Map<String, Digest> dockerLoad(String os) throws IOException {
    Map<String, byte[]> files = files();
    Map<String, Digest> loaded = new LinkedHashMap<>();
    for (JsonNode entry : Json.MAPPER.readTree(files.get("manifest.json"))) {
      byte[] bytes = files.get(entry.get("Config").asString());
      JsonNode config = Json.parse(bytes, "config");
      if (!config.get("os").asString().equals(os)) {
        return loaded;
      }
      JsonNode diffIds = config.at("/rootfs/diff_ids");
      assertThat(entry.get("Layers")).hasSameSizeAs(diffIds);
      for (int i = 0; i < diffIds.size(); i++) {
        byte[] layer = files.get(entry.get("Layers").get(i).asString());
        assertThat(Digest.sha256(inflated(layer)))
            .isEqualTo(Digest.parse(diffIds.get(i).asString()));
      }
      for (JsonNode tag : entry.get("RepoTags")) {
        Reference name = Reference.parse(tag.asString());
        assertThat(name.tag()).isPresent();
        assertThat(loaded.put(name.toString(), Digest.sha256(bytes))).isNull();
      }
    }
    return loaded;
  }

  /**
   * What RKE2 and Rancher's system agent get for a name (rancher/wharfie, which uses
   * go-containerregistry's tarball): the first entry of the list one of whose tags is the same once
   * normalised (one that can't be read ends the search); its first layer tells whether they are
   * compressed; then the layers are described by their own bytes.
   */
  private List<Digest> runtimeImage(String wanted) throws IOException {
    Map<String, byte[]> files = files();
    for (JsonNode entry : Json.MAPPER.readTree(files.get("manifest.json"))) {
      for (JsonNode tag : entry.get("RepoTags")) {
        if (Reference.parse(tag.asString()).equals(Reference.parse(wanted))) {
          byte[] config = files.get(entry.get("Config").asString());
          JsonNode diffIds = Json.parse(config, "config").at("/rootfs/diff_ids");
          List<Digest> layers = new ArrayList<>();
          for (JsonNode path : entry.get("Layers")) {
            byte[] layer = files.get(path.asString());
            assertThat(Digest.sha256(inflated(layer)).toString())
                .isEqualTo(diffIds.get(layers.size()).asString());
            layers.add(Digest.sha256(layer));
          }
          return layers;
        }
      }
    }
    throw new AssertionError("tag " + wanted + " not found in tarball");
  }

  /**
   * What a sequential reader sees; a name that is there twice would be read differently by each.
   */
  private Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        assertThat(e.isFile()).isTrue();
        assertThat(files.put(e.getName(), tar.readAllBytes())).isNull();
      }
    }
    return files;
  }

  private static byte[] inflated(byte[] layer) throws IOException {
    if (layer[0] != 0x1f || layer[1] != (byte) 0x8b) {
      return layer;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(layer))) {
      return in.readAllBytes();
    }
  }

  private static Digest config(Manifest manifest) {
    return manifest.config().orElseThrow().digest();
  }

  private static List<Digest> layers(Manifest manifest) {
    return manifest.layers().stream().map(Descriptor::digest).toList();
  }
}
