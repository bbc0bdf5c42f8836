package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.layout.JoinedIndex;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * What {@code convert} makes of archives. The docker archive is that of {@code DockerSavesTest}, of
 * Docker 20.10.24.
 */
class ConvertTest {
  @TempDir Path folder;

  private final TestImages images = new TestImages();
  private final TestImages.Layer shared = images.layer("shared", 300_000);

  @Test
  void severalArchivesBecomeOneWithTheSameDigestsAndEachLayerOnce() throws Exception {
    Path one = archive("one.tar", images.plan("quay.io/a/one:1", image("one")));
    Path two = archive("two.tar", images.plan("quay.io/a/two:1", images.index(image("two"))));
    Path made = folder.resolve("made of two.tar");
    Path report = folder.resolve("report.json");

    Command convert =
        Command.run("convert", "--from", one, "--from", two, "--to", made, "--report", report);

    assertThat(convert.exitCode()).as(convert.err()).isZero();
    assertThat(convert.out()).contains("2 images: 2 copied", "sharing saves 300 kB");
    Map<String, Digest> expected = digests(one);
    expected.putAll(digests(two));
    assertThat(digests(made)).isEqualTo(expected).hasSize(2);
    assertThat(Files.size(made)).isLessThan(400_000);
    assertThat(Command.run("verify", made).out()).contains("2 images: 2 verified");
    JsonNode told = Json.parse(Files.readAllBytes(report), "report");
    assertThat(told.get("command").asString()).isEqualTo("convert");
    assertThat(told.get("summary").get("copied").asInt()).isEqualTo(2);

    Command again = Command.run("convert", one, two, "-o", made);
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("nothing to do", "2 unchanged");
  }

  @Test
  void aDockerArchiveIsConvertedAndItsDigestsAreSaidToBeRebuilt() throws Exception {
    Path made = folder.resolve("made.tar");

    Command convert = Command.run("convert", docker(), "--to", made);

    assertThat(convert.exitCode()).as(convert.err()).isZero();
    assertThat(convert.err()).contains("each digest is not the upstream's");
    assertThat(digests(made)).isEqualTo(digests(folder.resolve("docker.tar"))).isNotEmpty();
    assertThat(Command.run("verify", made).exitCode()).isZero();
  }

  @Test
  void aDeltaAndItsBaseBecomeAWhole() throws Exception {
    Path base = archive("base.tar", images.plan("quay.io/a/old:1", image("old")));
    Path both =
        archive(
            "both.tar",
            images.plan("quay.io/a/old:1", image("old")),
            images.plan("quay.io/a/new:1", image("new")));
    Path delta = folder.resolve("delta.tar");
    assertThat(Command.run("convert", both, "--to", delta, "--base", base).exitCode()).isZero();
    assertThat(Files.size(delta)).isLessThan(100_000);

    Path whole = folder.resolve("whole.tar");
    Path failed = folder.resolve("failed.txt");
    Command alone = Command.run("convert", delta, "--to", whole, "--failed", failed);
    assertThat(alone.exitCode()).isOne();
    assertThat(alone.err()).contains("base.tar");
    assertThat(Command.run("convert", delta, base, "--to", whole).exitCode()).isZero();

    assertThat(digests(whole)).isEqualTo(digests(both));
    assertThat(Command.run("verify", whole).out()).contains("2 images: 2 verified");
  }

  @Test
  void aListAndVolumesAreTakenAsSaveTakesThem() throws Exception {
    Path source =
        archive(
            "source.tar",
            images.plan("quay.io/a/one:1", image("one")),
            images.plan("quay.io/a/two:1", image("two")),
            images.plan("quay.io/a/not:1", image("not")));
    Path list = Files.writeString(folder.resolve("list.txt"), "quay.io/a/one:1\nquay.io/a/two:1\n");
    Path made = folder.resolve("made.tar");

    Command convert =
        Command.run("convert", source, "--to", made, "--list", list, "--volume-size", "400k");

    assertThat(convert.exitCode()).as(convert.err()).isZero();
    assertThat(folder.resolve("made-0001.tar")).exists();
    Command verify = Command.run("verify", folder.resolve("made.tar"));
    assertThat(verify.out()).contains("2 images: 2 verified");
    // Its own volumes can't be replaced by what is made of them.
    Command itself =
        Command.run(
            "convert",
            folder.resolve("made-*.tar"),
            "--to",
            made,
            "--volume-size",
            "400k",
            "--overwrite");
    assertThat(itself.complaint(2)).contains("made-0001.tar is read here", "--to");
    assertThat(Command.run("verify", folder.resolve("made.tar")).exitCode()).isZero();
  }

  @Test
  void optionsAreCalledAsTheUserCallsThem() throws Exception {
    Path one = archive("one.tar", images.plan("quay.io/a/one:1", image("one")));
    Path list = Files.writeString(folder.resolve("list.txt"), "quay.io/a/one:1\nquay.io/a/no:1\n");
    Path made = folder.resolve("made.tar");
    Path failed = folder.resolve("failed.txt");

    assertThat(Command.run("convert", "--from", one, "--to=" + one).complaint(2))
        .contains("one.tar is the --from too, and would be written over as the --to:");
    assertThat(Command.run("convert", "--archive", one, "--output", one).complaint(2))
        .contains("one.tar is the --archive too, and would be written over as the --output:");
    Command part =
        Command.run("convert", "--from", one, "--to", made, "--list", list, "--failed", failed);
    assertThat(part.exitCode()).isOne();
    assertThat(part.err()).contains("or bring that into another --to with --list");
  }

  @Test
  void aDamagedSourceIsToBeCopiedAgainFirst() throws Exception {
    Path whole =
        archive(
            "one.tar",
            images.plan("quay.io/a/one:1", image("one")),
            images.plan("quay.io/a/two:1", image("two")));
    byte[] bytes = Files.readAllBytes(whole);
    int own =
        new String(bytes, StandardCharsets.ISO_8859_1)
            .indexOf(text(images.content(image("two").layers().getLast().digest())));
    bytes[own] ^= 1;
    Path source = Files.write(folder.resolve("source.tar"), bytes);
    Path made = folder.resolve("made.tar");
    Path failed = folder.resolve("failed.txt");

    Command convert = Command.run("convert", source, "--to", made, "--failed", failed);
    assertThat(convert.exitCode()).isOne();
    assertThat(convert.err())
        .contains("1 image could not be brought: copy the archive here again, then run the same");
    Command verify = Command.run("verify", made);
    assertThat(verify.err()).contains("which the save or convert that made it has named");
    assertThat(verify.out()).contains(made + " is whole, without some images of its list (");

    Files.copy(whole, source, StandardCopyOption.REPLACE_EXISTING);
    assertThat(Command.run("convert", source, "--to", made, "--failed", failed).exitCode())
        .isZero();
    assertThat(Command.run("verify", made).out()).contains(made + " is whole (");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aFolderIsFilledAndConvertedBack() throws Exception {
    Path source = archive("source.tar", images.plan("quay.io/a/one:1", images.index(image("one"))));
    String there = "oci:" + folder.resolve("there");
    Path back = folder.resolve("back.tar");

    assertThat(Command.run("convert", source, "--to", there).exitCode()).isZero();
    assertThat(Command.run("convert", there, "--to", there).exitCode()).isEqualTo(2);
    assertThat(Command.run("convert", there, "--to", back).exitCode()).isZero();

    assertThat(digests(back)).isEqualTo(digests(source));
  }

  @Test
  void whatIsDamagedFailsItsImageAlone() throws Exception {
    Manifest damaged = image("damaged");
    Path source =
        archive(
            "source.tar",
            images.plan("quay.io/a/damaged:1", damaged),
            images.plan("quay.io/a/whole:1", image("whole")));
    flip(source, LayoutNames.blob(damaged.layers().getLast().digest()));
    Path made = folder.resolve("made.tar");

    Command convert =
        Command.run("convert", source, "--to", made, "--failed", folder.resolve("failed.txt"));

    assertThat(convert.exitCode()).isOne();
    assertThat(convert.out()).contains("1 copied, 1 failed");
    assertThat(digests(made)).containsOnlyKeys("quay.io/a/whole:1");
    assertThat(Command.run("verify", made).exitCode()).isZero();
  }

  @Test
  void onlyTheSameArchivesResumeWhatIsBegun() throws Exception {
    Path source = archive("source.tar", images.plan("quay.io/a/one:1", image("one")));
    Path other = archive("other.tar", images.plan("quay.io/a/one:1", image("other")));
    Path made = folder.resolve("made.tar");
    assertThat(Command.run("convert", source, "--to", made).exitCode()).isZero();
    byte[] before = Files.readAllBytes(made);

    assertThat(Command.run("convert", other, "--to", made).complaint(2)).contains("--overwrite");
    assertThat(made).hasBinaryContent(before);

    assertThat(Command.run("convert", other, "--to", made, "--overwrite").exitCode()).isZero();
    assertThat(digests(made)).isEqualTo(digests(other));
  }

  @Test
  void imagesOfOneNameAreRefusedAndNamedWithBothFiles() throws Exception {
    Manifest first = image("one");
    Manifest second = image("other");
    Path one = archive("one.tar", images.plan("quay.io/a/b:1", first));
    Path two = archive("two.tar", images.plan("quay.io/a/b:1", second));
    Path made = folder.resolve("made.tar");

    assertThat(Command.run("convert", one, two, "--to", made).complaint(2))
        .contains(
            "quay.io/a/b:1 is %s in %s, and %s in %s: give one of them"
                .formatted(first.digest(), one, second.digest(), two));
    assertThat(Command.run("convert", one, two, "--to", made, "--join-platforms").complaint(2))
        .contains(
            "quay.io/a/b:1 for linux/amd64 is %s in %s and %s in %s"
                .formatted(first.digest(), one, second.digest(), two));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(one, two);
    }
  }

  @Test
  void platformsOfOneNameAreJoinedAndBothDigestsAreTold() throws Exception {
    Manifest amd64 = image("amd64");
    Manifest arm64 = images.image(TestImages.ARM64, shared, images.layer("arm64", 10_000));
    Manifest index = images.index(amd64);
    Path one = archive("one.tar", images.plan("quay.io/a/b:1", index));
    Path two = archive("two.tar", images.plan("quay.io/a/b:1", arm64));
    Path made = folder.resolve("made.tar");
    Path report = folder.resolve("report.json");

    Command convert =
        Command.run("convert", one, two, "--to", made, "--join-platforms", "--report", report);

    assertThat(convert.exitCode()).as(convert.err()).isZero();
    assertThat(Command.run("verify", made).out()).contains("1 image: 1 verified");
    try (ArchiveReader reader = ArchiveReader.open(made)) {
      Digest digest = reader.images().getFirst().descriptor().digest();
      assertThat(convert.line("b:1"))
          .contains(
              digest.toString(), index.digest() + " in " + one, arm64.digest() + " in " + two);
      JsonNode told = Json.parse(Files.readAllBytes(report), "report").get("images").get(0);
      assertThat(told.get("sourceDigest").asString()).isEqualTo(index.digest().toString());
      assertThat(told.get("targetDigest").asString()).isEqualTo(digest.toString());
      assertThat(told.get("message").asString()).contains(arm64.digest() + " in " + two);
      Manifest joined = reader.manifest(digest, "");
      assertThat(joined.children())
          .extracting(Descriptor::digest)
          .containsExactly(amd64.digest(), arm64.digest());
      assertThat(joined.children().getLast().platform()).contains(TestImages.ARM64);
      for (byte[] entry : JoinedIndex.entries(index)) {
        assertThat(new String(joined.bytes(), StandardCharsets.UTF_8))
            .contains(new String(entry, StandardCharsets.UTF_8));
      }
      for (Manifest platform : List.of(amd64, arm64)) {
        assertThat(reader.manifest(platform.digest(), "").bytes()).isEqualTo(platform.bytes());
      }
    }

    Command again =
        Command.run(
            "convert", made, one, "--to", "oci:" + folder.resolve("there"), "--join-platforms");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.line("b:1")).as("the index has it all").doesNotContain("is new");
    assertThat(digests(made)).isEqualTo(digests(folder.resolve("there")));
  }

  @ParameterizedTest
  @CsvSource({
    "true, application/vnd.docker.distribution.manifest.list.v2+json",
    "false, application/vnd.oci.image.index.v1+json"
  })
  void aDockerListTakesDockerManifestsOnly(boolean docker, String type) throws Exception {
    Manifest amd64 = images.dockerImage(TestImages.AMD64, shared);
    Manifest arm64 =
        docker
            ? images.dockerImage(TestImages.ARM64, shared)
            : images.image(TestImages.ARM64, shared);
    String entry =
        new String(JoinedIndex.entry(amd64.descriptor(), TestImages.AMD64), StandardCharsets.UTF_8);
    Manifest list =
        images.manifest(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(MediaTypes.DOCKER_LIST, entry)
                .getBytes(StandardCharsets.UTF_8));
    Path one = archive("one.tar", images.plan("quay.io/a/b:1", arm64));
    Path two = archive("two.tar", images.plan("quay.io/a/b:1", list));
    Path made = folder.resolve("made.tar");

    assertThat(Command.run("convert", one, two, "-o", made, "--join-platforms").exitCode())
        .isZero();

    try (ArchiveReader reader = ArchiveReader.open(made)) {
      Manifest joined = reader.manifest(reader.images().getFirst().descriptor().digest(), "");
      assertThat(joined.mediaType()).isEqualTo(type);
      assertThat(joined.children())
          .extracting(Descriptor::digest)
          .containsExactly(amd64.digest(), arm64.digest());
    }
  }

  @Test
  void whatRunsOnNoPlatformIsNotJoined() throws Exception {
    Path one =
        archive(
            "one.tar",
            images.plan(
                "quay.io/a/chart:1", images.artifact("a/config", "a/chart", new byte[] {1})));
    Path two = archive("two.tar", images.plan("quay.io/a/chart:1", image("two")));
    Path made = folder.resolve("made.tar");

    assertThat(Command.run("convert", one, two, "--to", made, "--join-platforms").complaint(2))
        .contains("quay.io/a/chart:1 has no platform in " + one);
    assertThat(made).doesNotExist();
  }

  @Test
  void aRunThatMakesNothingDoesNotOfferTheOlderArchive() throws Exception {
    Manifest damaged = image("damaged");
    Path source = archive("source.tar", images.plan("quay.io/a/damaged:1", damaged));
    flip(source, LayoutNames.blob(damaged.layers().getLast().digest()));
    Path made = archive("made.tar", images.plan("quay.io/a/old:1", image("old")));
    byte[] before = Files.readAllBytes(made);
    Path failed = folder.resolve("failed.txt");

    Command convert =
        Command.run("convert", source, "--to", made, "--overwrite", "--failed", failed);

    assertThat(convert.exitCode()).isOne();
    assertThat(convert.out()).contains("1 failed").doesNotContain("next: carry it");
    assertThat(made).hasBinaryContent(before);
  }

  @ParameterizedTest
  @CsvSource({
    "convert source.tar,no archive to make: add --to FILE or oci:DIR",
    "convert --to made.tar,no archive: name its file",
    "convert source.tar --to no/made.tar,the folder of no/made.tar does not exist",
    "convert source.tar --to oci:made --volume-size 1M,--volume-size does not go with oci:made",
    "convert source.tar --to made.tar --retries 3,unknown option --retries",
    "convert absent.tar --to made.tar,absent.tar does not exist"
  })
  void aWrongCommandLineWritesNothing(String line, String complaint) throws Exception {
    archive("source.tar", images.plan("quay.io/a/one:1", image("one")));
    List<Object> words = new ArrayList<>();
    for (String word : line.split(" ")) {
      boolean file = word.endsWith(".tar");
      words.add(file ? folder.resolve(word) : word.replace("oci:", "oci:" + folder + "/"));
    }

    Command convert = Command.run(words.toArray());

    assertThat(convert.complaint(2).replace(folder + "/", "")).contains(complaint);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("source.tar");
    }
  }

  @Test
  void aDryRunShowsTheSizeAndWritesNothing() throws Exception {
    Path source = archive("source.tar", images.plan("quay.io/a/one:1", image("one")));
    Path made = folder.resolve("made.tar");

    Command dry = Command.run("convert", source, "--to", made, "--dry-run");

    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("quay.io/a/one:1", "archive size");
    assertThat(made).doesNotExist();
    assertThat(Command.run("convert", source, "--to", made).exitCode()).isZero();
    assertThat(Command.run("convert", source, "--to", made, "--dry-run").out())
        .contains("nothing to do");
  }

  private Manifest image(String name) {
    return images.image(TestImages.AMD64, shared, images.layer(name, 10_000));
  }

  private Path archive(String name, PlannedImage... content) throws IOException {
    Path file = folder.resolve(name);
    try (ArchiveWriter writer = ArchiveWriter.create(file, List.of(content))) {
      for (PlannedImage image : content) {
        images.store(image, writer);
      }
      writer.finish(List.of(content));
    }
    return file;
  }

  private static Map<String, Digest> digests(Path archive) throws IOException {
    Map<String, Digest> digests = new TreeMap<>();
    ImageLocation.Local place =
        Files.isDirectory(archive)
            ? new ImageLocation.OciLayout(archive)
            : new ImageLocation.OciArchive(archive);
    try (ArchiveReader reader = ArchiveReader.openAll(List.of(place))) {
      reader
          .images()
          .forEach(image -> digests.put(image.name().toString(), image.descriptor().digest()));
    }
    return digests;
  }

  /** Changes the first byte of an entry of a tar. */
  private static void flip(Path tar, String entry) throws IOException {
    byte[] bytes = Files.readAllBytes(tar);
    int header = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(entry + "\0");
    assertThat(header % 512).isZero();
    try (RandomAccessFile file = new RandomAccessFile(tar.toFile(), "rw")) {
      file.seek(header + 512);
      file.write(bytes[header + 512] ^ 1);
    }
  }

  private Path docker() throws IOException {
    Path file = folder.resolve("docker.tar");
    try (InputStream in =
        new GZIPInputStream(
            ConvertTest.class.getResourceAsStream("/archives/docker-20.10-save.tar.gz"))) {
      Files.copy(in, file);
    }
    return file;
  }
}
