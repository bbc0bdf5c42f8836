package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.Containerd;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.Podman;
import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * An archive, untouched, in the hands of those who do not have this tool. The sample has every kind
 * of image there is: an index with an attestation, a Docker list, single images of both types, a
 * chart.
 */
class OtherToolsIT {
  private static final String CHART = "docker.io/rancher/charts/sample-chart:1.2.3_up0.1.0";

  @TempDir Path folder;
  private Path sample;

  @BeforeEach
  void makeSample() {
    sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--all-platforms", "--all-platforms --digests"})
  void containerdImportsEveryImageUnderItsFullNameWithItsDigest(String options) throws Exception {
    try (Containerd containerd = Containerd.start()) {
      Map<String, String> imported = imported(containerd, sample, options);

      assertThat(imported).containsAllEntriesOf(digests(sample));
      if (options.contains("--digests")) {
        digests(sample)
            .values()
            .forEach(d -> assertThat(imported).anySatisfy((n, v) -> assertThat(n).endsWith(d)));
      } else {
        assertThat(imported).hasSameSizeAs(digests(sample));
      }
      if (options.contains("--all-platforms")) {
        assertThat(ctr(containerd, "content", "list", "--quiet")).containsAll(contents(sample));
      }
    }
  }

  @Test
  void containerdImportsAnArchiveOfOnePlatformAndPinnedImages() throws Exception {
    try (DockerRegistry upstream = DockerRegistry.open();
        Containerd containerd = Containerd.start()) {
      Command load = Command.run("load", "--archive", sample, "--registry", upstream.name());
      assertThat(load.exitCode()).as(load.err()).isZero();
      Path archive = folder.resolve("arm64.tar");
      String agent = upstream.name() + "/rancher/sample-agent";
      String pinned = agent + "@" + digests(sample).get("docker.io/rancher/sample-agent:v0.1.0");
      save(
          archive,
          List.of(
              upstream.name() + "/rancher/sample-shell:v0.1.0",
              upstream.name() + "/rancher/mirrored-sample-pause:3.6"),
          "--platform",
          "linux/arm64",
          "--for",
          "k3s");
      assertFollowsTheRulesOfK3s(archive, 2);
      assertThat(imported(containerd, archive, "")).isEqualTo(digests(archive)).hasSize(2);

      Path both = folder.resolve("pinned.tar");
      save(both, List.of(pinned, agent + ":v0.1.0"));
      assertThat(imported(containerd, both, "")).containsAllEntriesOf(digests(both));
      assertThat(digests(both)).hasSize(2).containsKey(pinned);
    }
  }

  /** Where an image failed, a region of the file belongs to nothing, and the index is shorter. */
  @Test
  void anArchiveWithoutTheImagesThatFailedIsUsable() throws Exception {
    TestImages images = new TestImages();
    Manifest whole = images.image(TestImages.AMD64, images.layer("a", 1000));
    PlannedImage completed = images.plan("rancher/completed:v1", images.index(whole));
    PlannedImage failed =
        images.plan(
            "rancher/failed:v1", images.image(TestImages.AMD64, images.layer("b", 100_000)));
    Path archive = folder.resolve("part.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(archive, List.of(failed, completed))) {
      images.store(completed, writer);
      writer.finish(List.of(completed));
    }
    String name = "docker.io/rancher/completed:v1";

    try (Containerd containerd = Containerd.start()) {
      assertThat(imported(containerd, archive, "--all-platforms"))
          .containsOnly(Map.entry(name, completed.top().digest().toString()));
    }
    assertThat(loaded(archive)).containsOnlyKeys(name);
    Path copy = folder.resolve("copy");
    Skopeo.run("copy", "--all", "oci-archive:" + archive + ":" + name, "dir:" + copy);
    assertThat(copy.resolve("manifest.json")).hasBinaryContent(completed.top().bytes());
  }

  @Test
  void podmanLoadsEveryContainerImageUnderItsFullName() throws Exception {
    Map<String, String> loaded = loaded(sample);

    List<String> expected = new ArrayList<>(digests(sample).keySet());
    expected.remove(CHART);
    assertThat(loaded).containsOnlyKeys(expected);
    for (String name : expected) {
      assertThat(loaded.get(name)).isEqualTo(config(sample, name) + " linux/amd64");
    }
  }

  /** Unlike {@code podman load}, which goes by manifest.json. Of Docker's types none, as skopeo. */
  @Test
  void podmanPullsFromTheArchiveWithTheSameDigests() throws Exception {
    String name = "docker.io/rancher/sample-shell:v0.1.0";
    Podman podman = new Podman(folder.resolve("podman"));
    podman.run("pull", "--quiet", "oci-archive:" + sample + ":" + name);

    assertThat(
            podman.run("images", "--digests", "--format", "{{.Repository}}:{{.Tag}} {{.Digest}}"))
        .isEqualToIgnoringWhitespace(name + " " + digests(sample).get(name));
  }

  /** Archives of skopeo in one: what it reads there has the digests that it has written. */
  @Test
  void convertsWhatSkopeoWrites() throws Exception {
    String shell = "docker.io/rancher/sample-shell:v0.1.0";
    String other = "docker.io/rancher/sample-shell:v0.2.0";
    Path layout = folder.resolve("layout.tar");
    Path docker = folder.resolve("docker.tar");
    Skopeo.run(
        "copy",
        "--all",
        "oci-archive:" + sample + ":" + shell,
        "oci-archive:" + layout + ":" + shell);
    Skopeo.run(
        "copy", "oci-archive:" + sample + ":" + other, "docker-archive:" + docker + ":" + other);
    Path made = folder.resolve("made.tar");

    Command convert = Command.run("convert", "--from", layout, "--from", docker, "--to", made);

    assertThat(convert.exitCode()).as(convert.err()).isZero();
    assertThat(Command.run("verify", made).out()).contains("2 images: 2 verified");
    assertThat(Skopeo.run("inspect", "--raw", "oci-archive:" + made + ":" + shell))
        .isEqualTo(Skopeo.run("inspect", "--raw", "oci-archive:" + sample + ":" + shell));
    assertThat(Skopeo.run("inspect", "--config", "--raw", "oci-archive:" + made + ":" + other))
        .isEqualTo(Skopeo.run("inspect", "--config", "--raw", "docker-archive:" + docker));
    assertThat(digests(made)).containsEntry(shell, digests(sample).get(shell)).hasSize(2);
  }

  /** All images in one docker archive, whose layers are there once, with links from elsewhere. */
  @Test
  void loadsWhatPodmanSaves() throws Exception {
    Path saved = folder.resolve("podman.tar");
    List<String> names = new ArrayList<>(digests(sample).keySet());
    names.remove(CHART);
    Podman podman = new Podman(folder.resolve("podman"));
    podman.run("load", "--quiet", "--input", sample.toString());
    List<String> save = new ArrayList<>(List.of("save", "-m", "-o", saved.toString()));
    save.addAll(names);
    podman.run(save.toArray(String[]::new));
    for (String format : List.of("oci-dir", "docker-dir")) {
      Path dir = folder.resolve(format);
      podman.run("save", "--quiet", "--format", format, "-o", dir.toString(), names.getFirst());
      String place = format.startsWith("oci") ? "oci:" + dir : dir.toString();
      assertThat(Command.run("verify", place).out()).contains("1 image: 1 verified");
    }
    podman.run("rmi", "--all", "--force");

    String pinned = names.getFirst() + "@" + digests(sample).get(names.getFirst());
    Path list =
        Files.write(
            folder.resolve("list.txt"),
            Stream.concat(Stream.of(pinned), names.stream().skip(1)).toList());
    try (DockerRegistry registry = DockerRegistry.open()) {
      Command load =
          Command.run("load", "--archive", saved, "--registry", registry.name(), "--list", list);
      assertThat(load.exitCode()).as(load.err()).isOne();
      assertThat(load.out()).contains("5 images: 5 copied");
      assertThat(load.err())
          .contains("podman.tar has rebuilt manifests")
          .contains("1 digest of the list lost: " + pinned);
      Command verify = Command.run("verify", "--archive", saved, "--registry", registry.name());
      assertThat(verify.exitCode()).as(verify.err()).isZero();
    }
  }

  @Test
  void skopeoCopiesEveryImageItCanNameWithTheSameDigests() throws Exception {
    Map<String, String> digests = digests(sample);
    // Of Docker's own types; skopeo 1.9 does not look these up by name in a layout.
    digests.keySet().removeIf(n -> n.contains("sample-agent") || n.contains("sample-pause"));
    assertThat(digests).hasSize(4);
    for (Map.Entry<String, String> image : digests.entrySet()) {
      String from = "oci-archive:" + sample + ":" + image.getKey();
      Path layout = folder.resolve("layout-" + image.getValue().substring(7));
      Skopeo.run("copy", "--all", "--preserve-digests", from, "oci:" + layout + ":x");

      JsonNode index = Json.parse(Files.readAllBytes(layout.resolve("index.json")), "index");
      assertThat(index.at("/manifests/0/digest").asString()).isEqualTo(image.getValue());
    }
  }

  /**
   * K3s wants a tag in each name, and RKE2 finds its runtime image by {@code manifest.json}, which
   * it reads again from the start of the file for each further entry.
   */
  private static void assertFollowsTheRulesOfK3s(Path archive, int images) throws IOException {
    try (TarFile tar = new TarFile(archive)) {
      Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();
      tar.getEntries().forEach(entry -> entries.put(entry.getName(), entry));
      assertThat(entries.keySet().stream().limit(3))
          .containsExactlyInAnyOrder("oci-layout", "index.json", "manifest.json");
      JsonNode docker = Json.MAPPER.readTree(tar.getInputStream(entries.get("manifest.json")));
      JsonNode index = Json.MAPPER.readTree(tar.getInputStream(entries.get("index.json")));
      assertThat(index.get("manifests")).hasSize(images);
      List<String> names = new ArrayList<>();
      for (JsonNode image : index.get("manifests")) {
        names.add(image.at("/annotations/io.containerd.image.name").asString());
      }
      assertThat(names).allMatch(name -> name.matches("[^/]+/.+:[^/@]+"));
      List<String> found = new ArrayList<>();
      for (JsonNode image : docker) {
        found.add(image.at("/RepoTags/0").asString());
        assertThat(entries).containsKey(image.get("Config").asString());
        for (JsonNode layer : image.get("Layers")) {
          assertThat(entries).containsKey(layer.asString());
        }
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  private void save(Path archive, List<String> images, String... options) throws IOException {
    Path list = Files.write(folder.resolve(archive.getFileName() + ".txt"), images);
    List<Object> arguments = new ArrayList<>(List.of("save", "--list", list, "--output", archive));
    arguments.addAll(List.of(options));
    Command save = Command.run(arguments.toArray());
    assertThat(save.exitCode()).as(save.out() + save.err()).isZero();
  }

  /** The digest of every blob and manifest in an archive. */
  private static List<String> contents(Path archive) throws IOException {
    try (TarFile tar = new TarFile(archive)) {
      return tar.getEntries().stream()
          .map(TarArchiveEntry::getName)
          .filter(name -> name.startsWith("blobs/"))
          .map(name -> name.substring(6).replace('/', ':'))
          .toList();
    }
  }

  /** The config of an image's first manifest, by Docker's list. */
  private static String config(Path archive, String name) throws IOException {
    try (TarFile tar = new TarFile(archive)) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        if (entry.getName().equals("manifest.json")) {
          for (JsonNode image : Json.MAPPER.readTree(tar.getInputStream(entry))) {
            if (image.at("/RepoTags/0").asString().equals(name)) {
              return image.get("Config").asString().replace("blobs/sha256/", "");
            }
          }
        }
      }
    }
    throw new AssertionError("no " + name);
  }

  /** Id, which is the digest of the config, and platform of each image that podman loads. */
  private Map<String, String> loaded(Path archive) throws IOException, InterruptedException {
    Podman podman = new Podman(folder.resolve("podman"));
    podman.run("load", "--quiet", "--input", archive.toString());
    Map<String, String> loaded = new LinkedHashMap<>();
    for (String name : digests(archive).keySet()) {
      if (!name.equals(CHART)) {
        String form = "{{index .RepoTags 0}}|{{.Id}} {{.Os}}/{{.Architecture}}";
        List<String> lines = podman.run("inspect", "--format", form, name).lines().toList();
        String[] image = lines.getLast().split("[|]");
        loaded.put(image[0], image[1]);
      }
    }
    List<String> all = podman.run("images", "--quiet", "--no-trunc").lines().toList();
    assertThat(all.stream().filter(line -> line.startsWith("sha256:")))
        .hasSameSizeAs(loaded.keySet());
    podman.run("rmi", "--all", "--force");
    return loaded;
  }

  private static Map<String, String> imported(Containerd containerd, Path archive, String options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("images", "import", "--no-unpack"));
    arguments.addAll(List.of(options.split(" ")));
    arguments.removeIf(String::isEmpty);
    arguments.add(archive.toString());
    ctr(containerd, arguments.toArray(String[]::new));
    Map<String, String> images = new LinkedHashMap<>();
    // REF TYPE DIGEST ...
    for (String line : ctr(containerd, "images", "list").stream().skip(1).toList()) {
      String[] columns = line.split(" +");
      images.put(columns[0], columns[2]);
    }
    return images;
  }

  private static List<String> ctr(Containerd containerd, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--namespace", "k8s.io"));
    all.addAll(List.of(arguments));
    return containerd.ctr(all.toArray(String[]::new)).lines().toList();
  }

  /** The digest of every image by name. */
  private static Map<String, String> digests(Path archive) throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    try (ArchiveReader reader = ArchiveReader.open(archive)) {
      for (ArchivedImage image : reader.images()) {
        digests.put(image.name().toString(), image.descriptor().digest().toString());
      }
    }
    return digests;
  }
}
