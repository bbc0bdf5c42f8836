package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.folder.LayoutFolder;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.serve.ArchiveServer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands say of archives and folders: unfinished ones, deltas, and what is neither. */
class LocalPlacesTest {
  @TempDir private static Path shared;
  private static Path sample;

  @TempDir private Path folder;
  private Path layout;

  @BeforeAll
  static void makeSample() {
    sample = shared.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
  }

  @BeforeEach
  void nameFolder() {
    layout = folder.resolve("layout");
  }

  /** Begins a layer of 1000 bytes in the folder, of which 600 come. */
  private void interrupt() throws IOException {
    byte[] layer = new byte[1000];
    try (LayoutFolder target = LayoutFolder.open(layout);
        BlobUpload upload =
            target.begin(
                Reference.parse("rancher/a:1").repository(),
                new Descriptor("a/layer", Digest.sha256(layer), layer.length),
                Optional.empty())) {
      assertThatThrownBy(() -> upload.send(new ByteArrayInputStream(layer, 0, 600)))
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aFolderWithoutAWholeImageIsNotBlamedOnAnotherTool() throws Exception {
    interrupt();

    assertThat(Command.run("verify", "--archive", "oci:" + layout).complaint(3))
        .contains("no image is whole yet", "is not finished (600 B", "run the command that fills")
        .doesNotContain("the tool that writes it");
    Command inspected = Command.run("inspect", "oci:" + layout);
    assertThat(inspected.complaint(0)).contains("is not finished (600 B");
    assertThat(Command.run("inventory", "oci:" + layout).complaint(0))
        .contains("is not finished (600 B", "run the command that fills");
    byte[] json = json(Command.run("inspect", "--json", "oci:" + layout));
    assertThat(Json.parse(json, "it").get("unfinishedBytes").asInt()).isEqualTo(600);
  }

  @Test
  void aFolderWhoseRunWasKilledIsNotFinishedAndAnEmptyOneHasNoImages() throws Exception {
    LayoutFolder.open(layout).close();
    assertThat(Command.run("verify", "--archive", "oci:" + layout).complaint(3))
        .contains("has no images: save them into it first");

    Files.createFile(layout.resolve("mirror-images.lock"));
    assertThat(Command.run("verify", "--archive", "oci:" + layout).complaint(3))
        .contains("no image is whole yet", "is not finished: run the command that fills");

    Files.delete(layout.resolve("index.json"));
    assertThat(Command.run("verify", "--archive", "oci:" + layout).complaint(3))
        .contains("was not finished: run the command that fills");
    assertThat(fill().exitCode()).isZero();
    assertThat(Command.run("verify", "--archive", "oci:" + layout).out()).contains("6 verified");
  }

  @Test
  void aFolderWithWholeImagesIsIncompleteWhileOthersAreNot() throws Exception {
    assertThat(fill().exitCode()).isZero();
    assertThat(Command.run("verify", "--archive", "oci:" + layout).exitCode()).isZero();
    interrupt();

    Command verified = Command.run("verify", "--archive", "oci:" + layout);

    assertThat(verified.out()).contains("6 verified");
    assertThat(verified.complaint(4)).contains("is not finished (600 B");
    // What is begun and belongs to no image any more is removed by a run that does all.
    Command resumed = fill();
    assertThat(resumed.exitCode()).isZero();
    assertThat(resumed.out()).startsWith("resuming: the target has 600 B of unfinished layers\n");
    assertThat(Command.run("verify", "--archive", "oci:" + layout).exitCode()).isZero();
  }

  @Test
  void theInventoryOfAFolderIsThatOfItsImages() throws Exception {
    assertThat(fill().exitCode()).isZero();

    Command ofFolder = Command.run("inventory", "oci:" + layout);
    Command ofArchive = Command.run("inventory", sample);

    assertThat(ofFolder.exitCode()).as(ofFolder.err()).isZero();
    assertThat(digests(ofFolder)).containsExactlyInAnyOrderElementsOf(digests(ofArchive));
    assertThat(ofFolder.out()).contains("\"layout\"");
  }

  @Test
  void aDeltaOnTopOfAFolderSaysWhatItNeeds() throws Exception {
    Path delta = folder.resolve("delta.tar");
    try (ArchiveReader archive = ArchiveReader.open(sample);
        ArchiveServer server =
            ArchiveServer.start(
                archive, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      String host = "127.0.0.1:" + server.address().getPort();
      List<String> names =
          archive.images().stream()
              .map(image -> image.name().toString().replace("docker.io", host))
              .toList();
      Path list = Files.write(folder.resolve("list.txt"), names);
      Path failed = folder.resolve("failed.txt");
      Path first = Files.write(folder.resolve("first.txt"), names.subList(0, 2));
      assertThat(
              Command.run("save", "--list", first, "-o", "oci:" + layout, "--failed", failed)
                  .exitCode())
          .isZero();
      assertThat(
              Command.run(
                      "save",
                      "--list",
                      list,
                      "-o",
                      delta,
                      "--base",
                      "oci:" + layout,
                      "--failed",
                      failed)
                  .exitCode())
          .isZero();
    }
    assertThat(Files.size(delta)).isLessThan(Files.size(sample) / 2);

    Command verified = Command.run("verify", "--archive", delta);

    assertThat(verified.exitCode()).isZero();
    assertThat(verified.out())
        .contains("6 verified", "delta.tar is whole (", "its images also need \"layout\" (")
        .contains("which was not given: load that first, or both together");
    Command together = Command.run("verify", "--archive", delta, "oci:" + layout);
    assertThat(together.exitCode()).as(together.err()).isZero();
    assertThat(together.out())
        .contains("6 verified", "is whole (")
        .doesNotContain("also need", "also needs");
    assertThat(Command.run("inspect", delta).line("sample-shell:v0.2.0")).contains("?  (needs ");
    assertThat(Command.run("inspect", sample).line("sample-shell:v0.2.0")).endsWith("linux/amd64");
    assertThat(Command.run("verify", "--archive", sample).out()).doesNotContain("also need");
  }

  private static List<String> digests(Command inventory) {
    List<String> digests = new ArrayList<>();
    Json.parse(json(inventory), "it")
        .get("blobs")
        .forEach(blob -> digests.add(blob.get("digest").asString()));
    return digests;
  }

  private static byte[] json(Command command) {
    return command.out().getBytes(StandardCharsets.UTF_8);
  }

  private Command fill() {
    return Command.run("load", "--archive", sample, "--registry", "oci:" + layout);
  }

  @ParameterizedTest
  @CsvSource({
    "sample --output -, can't be written to standard output",
    "save --list LIST --output -, can't be written to standard output",
    "sample --output oci:a, a folder is not supported here",
    "inspect -, can't be read from standard input",
    "verify --archive -, can't be read from standard input",
    "serve --archive -, can't be read from standard input",
    "inventory -, can't be read from standard input",
    "save --list LIST --output FOLDER/a.tar --base -, can't be read from standard input",
    "verify --archive SAMPLE --report -, '--report is written as the run goes on: name a file'",
    "verify --archive SAMPLE --failed -, '--failed is written as the run goes on: name a file'",
    "inspect FOLDER, is no file but a folder",
    "inventory FOLDER, is no file but a folder",
    "verify --archive FOLDER, is no file but a folder",
    "inspect oci:SAMPLE, is no folder",
  })
  void aPlaceThatCannotBeIsOneLineAndNothingIsMade(String command, String said) throws Exception {
    Path list = Files.writeString(folder.resolve("list.txt"), "rancher/shell:v1\n");

    Command ended =
        Command.run(
            (Object[])
                command
                    .replace("LIST", list.toString())
                    .replace("SAMPLE", sample.toString())
                    .replace("FOLDER", folder.toString())
                    .split(" "));

    assertThat(ended.complaint(2)).contains(said);
    assertThat(ended.out()).isEmpty();
    assertThat(Path.of("-")).doesNotExist();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\"inventory\":1}", "no inventory at all"})
  void aDamagedInventoryIsNoTarFile(String text) throws Exception {
    Path inventory = Files.writeString(folder.resolve("inventory.json"), text);
    Path list = Files.writeString(folder.resolve("list.txt"), "rancher/shell:v1\n");

    assertThat(
            Command.run(
                    "save",
                    "--list",
                    list,
                    "--output",
                    folder.resolve("a.tar"),
                    "--base",
                    inventory)
                .complaint(3))
        .contains("is neither an archive nor an inventory of one", "write its inventory again");
  }
}
