package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What the commands say of archives of other tools. The docker archive is that of {@code
 * DockerSavesTest}, of Docker 20.10.24.
 */
class OtherArchivesTest {
  private static final String PINNED =
      "docker.io/rancher/tiny-base:v1@" + Digest.sha256(new byte[] {1});

  @TempDir Path folder;

  @Test
  void digestsOfTheListThatADockerArchiveLacksAreAFailure() throws Exception {
    Path saved = docker();
    Path list = Files.writeString(folder.resolve("list.txt"), PINNED);
    String there = "oci:" + folder.resolve("there");

    Command load = Command.run("load", saved, "--list", list, "--registry", there);
    assertThat(load.exitCode()).isOne();
    assertThat(load.err()).contains("1 digest of the list lost: " + PINNED);
    assertThat(load.out()).contains("1 image: 1 copied").doesNotContain("next:");
    assertThat(Command.run("verify", saved, "--list", list).exitCode()).isOne();

    Files.writeString(list, PINNED.substring(0, PINNED.indexOf('@')));
    assertThat(Command.run("load", saved, "--list", list, "--registry", there).exitCode()).isZero();
    assertThat(Command.run("verify", saved, "--list", list).exitCode()).isZero();
  }

  /**
   * As Rancher's rancher-images-digests-linux.txt, where one that upstream did not have is empty.
   */
  @Test
  void saysWhichDigestsOfAFileAreKeptWhateverTheArchiveIs() throws Exception {
    Path sample = sample();
    List<String> known = Command.run("list", sample, "--digests").out().lines().limit(3).toList();
    Path file = folder.resolve("digests.txt");
    String other = known.get(2).replaceFirst("sha256:.*", "sha256:" + "a".repeat(64));
    Files.write(file, List.of(known.get(0), known.get(1).replaceFirst(" .*", " "), other));

    Command verify = Command.run("verify", sample, "--digests", file);
    assertThat(verify.exitCode()).isOne();
    assertThat(verify.err())
        .contains(
            "digests of %s: 1 kept, 1 lost; 4 images without one there".formatted(file),
            "1 digest of %s lost: %s is %s"
                .formatted(file, other.replace(' ', '@'), known.get(2).replaceFirst(".* ", "")));
    assertThat(verify.out())
        .contains("6 images: 6 verified", "its digest in " + file + " is sha256:aaa")
        .doesNotContain("is whole", "next:");

    Files.write(file, known);
    String there = "oci:" + folder.resolve("there");
    Command load = Command.run("load", sample, "--digests", file, "--registry", there);
    assertThat(load.exitCode()).isZero();
    assertThat(load.err()).contains("3 kept, 0 lost; 3 images without one there");

    Path docker = docker();
    Files.writeString(file, PINNED.replace('@', ' '));
    assertThat(Command.run("verify", docker, "--digests", file).err())
        .contains("0 kept, 1 lost", "lost: " + PINNED + " is sha256:");

    Files.writeString(file, "docker.io/rancher/tiny-base:v1\n");
    assertThat(Command.run("verify", sample, "--digests", file).complaint(2))
        .contains("has no digests: each line is a name, a blank and a digest");
    assertThat(
            Command.run("verify", "--list", file, "--registry", "localhost:1", "--digests", file)
                .complaint(2))
        .contains("--digests tells of an archive");
  }

  @Test
  void digestsOfNoneOfTheImagesAreAMistake() throws Exception {
    Path sample = sample();
    List<String> known = Command.run("list", sample, "--digests").out().lines().toList();
    Path file = Files.writeString(folder.resolve("digests.txt"), known.get(0) + "\n");
    Path list = Files.writeString(folder.resolve("list.txt"), known.get(1).replace(' ', '@'));
    String there = "oci:" + folder.resolve("there");

    assertThat(
            Command.run("load", sample, "--list", list, "--digests", file, "--registry", there)
                .complaint(2))
        .contains("has a digest of none of the 1 image");
    assertThat(folder.resolve("there")).doesNotExist();

    Files.writeString(file, known.get(0).replace("rancher/", "other/") + "\n");
    assertThat(Command.run("verify", sample, "--digests", file).complaint(2))
        .contains("--digests " + file + " has a digest of none of the 6 images");
  }

  @Test
  void comparesTheDigestsThatTheTargetHas() throws Exception {
    Path sample = sample();
    List<String> known = Command.run("list", sample, "--digests").out().lines().toList();
    Path file = Files.write(folder.resolve("digests.txt"), known);
    Path there = folder.resolve("there");
    Path report = folder.resolve("report.json");

    Command load =
        Command.run(
            "load",
            sample,
            "--platform",
            "linux/amd64",
            "--digests",
            file,
            "--registry",
            "oci:" + there,
            "--report",
            report);

    List<String> now = Command.run("list", "oci:" + there, "--digests").out().lines().toList();
    List<String> lost = known.stream().filter(line -> !now.contains(line)).toList();
    assertThat(lost).isNotEmpty().hasSizeLessThan(known.size());
    assertThat(load.exitCode()).isOne();
    assertThat(load.err())
        .contains(
            "digests of %s: %d kept, %d lost"
                .formatted(file, known.size() - lost.size(), lost.size()),
            "some of its platforms has a digest of its own");
    JsonNode told = Json.MAPPER.readTree(Files.readString(report));
    assertThat(told.path("exitCode").asInt()).isOne();
    assertThat(told.path("error").path("reason").asString()).isEqualTo("digest");
    assertThat(told.path("error").path("message").asString())
        .contains(lost.stream().map(line -> line.replace(' ', '@') + " is sha256:").toList());
    assertThat(told.path("images").valueStream().map(image -> image.path("message").asString()))
        .filteredOn(message -> message.contains("its digest in"))
        .hasSameSizeAs(lost);

    Files.write(file, now);
    Command planned =
        Command.run(
            "load",
            sample,
            "--platform",
            "linux/amd64",
            "--digests",
            file,
            "--registry",
            "oci:" + folder.resolve("other"),
            "--dry-run");
    assertThat(planned.exitCode()).as(planned.err()).isZero();
    assertThat(planned.err()).contains(known.size() + " kept, 0 lost");
  }

  /** Only save knows whether a platform filter gave an image another digest. */
  @Test
  void aDigestThatTheListPinsIsComparedWhateverTheArchiveIs() throws Exception {
    Path sample = sample();
    String pinned =
        Command.run("list", sample, "--digests")
            .out()
            .lines()
            .findFirst()
            .orElseThrow()
            .replaceFirst(" sha256:.*", "@sha256:" + "a".repeat(64));
    Path list = Files.writeString(folder.resolve("list.txt"), pinned);

    Command verify = Command.run("verify", sample, "--list", list);
    assertThat(verify.exitCode()).as(verify.err()).isZero();
    assertThat(verify.err())
        .contains("1 image of " + sample + " with another digest than the list pins")
        .contains(pinned + " is sha256:");
    assertThat(Command.run("verify", sample, "--list", list, "--digests", list).exitCode()).isOne();

    Files.writeString(list, pinned.replaceFirst(":v[0-9.]+@", "@"));
    assertThat(Command.run("verify", sample, "--list", list).line("failed"))
        .contains("missing: " + sample + " has no manifest sha256:");
  }

  private Path sample() {
    Path sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    return sample;
  }

  @Test
  void theInventoryOfPlainLayersIsOfNoUseAsABase() throws Exception {
    Command inventory = Command.run("inventory", docker());

    assertThat(inventory.exitCode()).isZero();
    assertThat(inventory.err()).contains("a delta on top of it leaves out nothing");
  }

  @Test
  void anArchiveOfSomePlatformsIsCheckedAndLoadedWithThese() throws Exception {
    TestImages images = new TestImages();
    Manifest amd64 = images.image(TestImages.AMD64, images.layer("a", 10));
    Manifest index = images.index(amd64, images.image(TestImages.ARM64, images.layer("b", 10)));
    Path archive = folder.resolve("amd64.tar");
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      file(tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
      file(
          tar,
          "index.json",
          """
          {"schemaVersion":2,"manifests":[{"mediaType":"%s","digest":"%s","size":%d,
          "annotations":{"org.opencontainers.image.ref.name":"quay.io/a/b:1"}}]}\
          """
              .formatted(index.mediaType(), index.digest(), index.bytes().length));
      blob(tar, index.bytes());
      blob(tar, amd64.bytes());
      blob(tar, images.content(amd64.config().orElseThrow().digest()));
      blob(tar, images.content(amd64.layers().getFirst().digest()));
    }

    Command whole = Command.run("verify", archive);
    assertThat(whole.exitCode()).isOne();
    assertThat(whole.out())
        .contains("mirror-images verify --archive " + archive + " --platform OS/ARCH; else")
        .doesNotContain("here again");

    Command part = Command.run("verify", archive, "--platform", "linux/amd64");
    assertThat(part.exitCode()).as(part.err()).isZero();
    assertThat(part.out())
        .contains("load --archive " + archive + " --platform linux/amd64 --registry HOST");

    String pinned = "quay.io/a/b:1@" + amd64.digest();
    Path list = Files.writeString(folder.resolve("list.txt"), pinned);
    Command other = Command.run("verify", archive, "--platform", "linux/amd64", "--list", list);
    assertThat(other.exitCode()).isOne();
    assertThat(other.err())
        .contains("1 digest of the list lost: " + pinned + " is " + index.digest());
  }

  @Test
  void theNextCommandHasTheOptionsWithoutWhichItFails() throws Exception {
    Path work = Files.createDirectory(folder.resolve("work"));
    Path packed = folder.resolve("docker.tgz");
    try (InputStream in =
        OtherArchivesTest.class.getResourceAsStream("/archives/docker-20.10-save.tar.gz")) {
      Files.copy(in, packed);
    }
    String options = " --work-dir " + work + " --allow-missing-foreign-layers";

    Command verify =
        Command.run("verify", packed, "--work-dir", work, "--allow-missing-foreign-layers");
    assertThat(verify.exitCode()).as(verify.err()).isZero();
    assertThat(verify.out()).contains("load --archive " + packed + options + " --registry HOST");
    Command convert =
        Command.run(
            "convert",
            packed,
            "--to",
            folder.resolve("made.tar"),
            "--work-dir",
            work,
            "--allow-missing-foreign-layers");
    assertThat(convert.exitCode()).as(convert.err()).isZero();
    assertThat(convert.out())
        .contains("verify --archive made.tar --allow-missing-foreign-layers\n")
        .contains("load --archive made.tar --allow-missing-foreign-layers --registry HOST");
  }

  @Test
  void whatIsMissingIsSoughtWhereItMayBe() throws Exception {
    Path docker = docker();
    Path list = Files.writeString(folder.resolve("list.txt"), "quay.io/not/there:1\n");
    Command other = Command.run("verify", docker, "--list", list);
    assertThat(other.exitCode()).isOne();
    assertThat(other.out())
        .contains("next: give the archive that has what is missing, or take it out of the list")
        .doesNotContain("--platform");

    Files.writeString(list, "quay.io/not/there@" + Digest.sha256(new byte[0]));
    for (String command : List.of("verify", "load")) {
      Path report = folder.resolve(command + ".json");
      Path failed = folder.resolve("failed.txt");
      Object[] words = {command, docker, "--list", list, "--report", report, "--failed", failed};
      Command.run(
          command.equals("verify")
              ? words
              : Stream.concat(
                      Stream.of(words), Stream.of("--registry", "oci:" + folder.resolve("o")))
                  .toArray());
      assertThat(report).content().contains("has no manifest sha256:");
    }

    Path part = folder.resolve("mirror_000001.tar");
    try (InputStream in =
        new GZIPInputStream(
            OtherArchivesTest.class.getResourceAsStream("/archives/oc-mirror-1.tar.gz"))) {
      Files.copy(in, part);
    }
    Command alone = Command.run("verify", part);
    assertThat(alone.exitCode()).isNotZero();
    assertThat(alone.out() + alone.err())
        .contains(
            "next: give all files of the set together: mirror-images verify --archive " + part)
        .doesNotContain("--platform");
  }

  private Path docker() throws IOException {
    Path file = folder.resolve("docker.tar");
    try (InputStream in =
        new GZIPInputStream(
            OtherArchivesTest.class.getResourceAsStream("/archives/docker-20.10-save.tar.gz"))) {
      Files.copy(in, file);
    }
    return file;
  }

  private static void blob(TarArchiveOutputStream tar, byte[] bytes) throws IOException {
    file(tar, LayoutNames.blob(Digest.sha256(bytes)), bytes);
  }

  private static void file(TarArchiveOutputStream tar, String name, String text)
      throws IOException {
    file(tar, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void file(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
