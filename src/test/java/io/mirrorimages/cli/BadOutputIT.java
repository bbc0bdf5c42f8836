package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.image.Json;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Places that can't be written, disks that are full, and options that mean nothing. */
class BadOutputIT {
  private static final int LAYER = 3_000_000;

  @TempDir private Path folder;
  private FaultyRegistry upstream;
  private Path list;
  private String layer;

  @BeforeEach
  void start() throws IOException {
    upstream = new FaultyRegistry();
    byte[] bytes = new byte[LAYER];
    new Random(1).nextBytes(bytes);
    layer = upstream.addBlob(bytes);
    addImage("v1", layer, LAYER);
    list = list("v1");
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void anArchiveThatExistsIsNeverOverwritten() throws IOException {
    Path archive = Files.writeString(archive(), "precious");

    assertThat(save().complaint(2)).contains(archive.toString(), "not overwritten");
    assertThat(archive).hasContent("precious");
    assertThat(Command.run("sample", "--output", archive).complaint(2)).contains("not overwritten");
    assertThat(archive).hasContent("precious");
    assertNothingAsked();
  }

  @Test
  void aFolderThatDoesNotExistIsSaidBeforeAnythingIsAsked() {
    Path nowhere = folder.resolve("nowhere");
    assertThat(save("--output", nowhere.resolve("x.tar")).complaint(2))
        .contains("the folder of", "x.tar does not exist", "create it");
    assertThat(save("--report", nowhere.resolve("x.json")).complaint(2))
        .contains("--report", "x.json does not exist", "create it");
    assertThat(save("--failed", nowhere.resolve("x.txt")).complaint(2))
        .contains("--failed", "x.txt does not exist", "create it");
    assertThat(save("--failed", folder).complaint(2)).contains("--failed", "is a folder");
    assertThat(nowhere).doesNotExist();
    assertNothingAsked();
  }

  @Test
  void aFolderWithoutTheRightToWriteIsSaidBeforeAnythingIsAsked() throws IOException {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeTrue(!Files.isWritable(locked), "root may write everywhere");
    assertThat(save("--output", locked.resolve("x.tar")).complaint(3))
        .contains("no right to write");
    assertThat(save("--failed", locked.resolve("x.txt")).complaint(3))
        .contains("no right to write");
    assertNothingAsked();
  }

  @Test
  void aPlaceThatLooksWritableAndIsNotIsOneLineToo() {
    Path proc = Path.of("/proc");
    assumeTrue(Files.isDirectory(proc), "there is no /proc");
    Command save = save("--output", proc.resolve("x.tar"));
    assertThat(save.complaint(3)).contains("/proc/x.tar");
    assertThat(save("--output", "oci:" + proc.resolve("x")).complaint(3))
        .contains("/proc/x (", "write to another folder")
        .doesNotContain("null");
  }

  @Test
  void anArchiveLargerThanItsDiskIsRefusedBeforeTheFirstByte() throws IOException {
    addImage("huge", layer, 900_000_000_000_000L);

    Command save = save("--list", list("huge"), "--report", folder.resolve("report.json"));

    assertThat(save.complaint(3)).contains("needs 900000000", "free", "another disk");
    assertThat(upstream.seen("GET", "/blobs/" + layer)).isEmpty();
    assertNoArchive();
    assertThat(failed()).content().contains(":huge\n", "# space: ");
    JsonNode report = Json.parse(Files.readAllBytes(folder.resolve("report.json")), "the report");
    assertThat(report.get("exitCode").asInt()).isEqualTo(3);
    assertThat(report.at("/images/0/reason").asString()).isEqualTo("space");
    assertThat(save("--dry-run", "--list", list("huge")).complaint(3)).contains("another disk");
  }

  @Test
  void aFileSystemThatTakesNoFileOfThatSizeLeavesNothingBehind() throws Exception {
    Command save =
        Program.in(folder)
            .after("ulimit -f 2000")
            .run("save", "--list", list, "--output", archive(), "--failed", failed());

    assertThat(save.complaint(3)).contains("can't hold a file as large", archive().toString());
    assertNoArchive();
    assertThat(failed()).content().contains(":v1\n");
  }

  @Test
  void aDiskThatFillsUpMeanwhileLeavesNothingThatLooksWholeAndIsGoneOnWithLater() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", disk.toString()) == 0,
        "a small disk can only be mounted by root");
    try {
      Path archive = disk.resolve("images.tar");
      upstream.on(
          "GET",
          "/blobs/" + layer,
          1,
          exchange -> {
            fill(disk.resolve("other"));
            upstream.properly(exchange);
          });
      Command save = save("--output", archive);
      assertThat(save.exitCode()).isEqualTo(3);
      assertThat(save.complaint(3)).contains("run the same command again");
      assertThat(save.line(":v1")).contains("failed", "space: ", "the disk is full");
      assertThat(archive).doesNotExist();
      assertThat(failed()).content().contains(":v1\n");

      Files.delete(disk.resolve("other"));
      Command again = save("--output", archive);
      assertThat(again.exitCode()).as(again.err()).isZero();
      assertThat(Command.run("verify", "--archive", archive, "--failed", failed()).exitCode())
          .isZero();
    } finally {
      run("umount", disk.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--platform, linux, linux/amd64",
    "--platform, linux/, linux/amd64",
    "--jobs, 0, from 1 to",
    "--jobs, many, --jobs",
    "--retries, -1, from 0 to 1000",
    "--limit, registry, requests=20/m",
    "--ca-file, nowhere.pem, does not exist",
    "--frobnicate, x, --frobnicate",
  })
  void anOptionThatMeansNothingIsExplained(String option, String value, String because) {
    assertThat(save(option, value).complaint(2)).contains(because);
    assertNothingAsked();
    assertNoArchive();
  }

  private Command save(Object... further) {
    List<Object> arguments = new ArrayList<>(List.of("save"));
    addUnlessGiven(arguments, further, "--list", list);
    addUnlessGiven(arguments, further, "--output", archive());
    addUnlessGiven(arguments, further, "--failed", failed());
    arguments.addAll(List.of(further));
    return Command.run(arguments.toArray());
  }

  private static void addUnlessGiven(List<Object> all, Object[] given, String option, Path value) {
    if (!Arrays.asList(given).contains(option)) {
      all.addAll(List.of(option, value));
    }
  }

  private void addImage(String tag, String layerDigest, long size) {
    String config = upstream.addBlob("{}".getBytes(StandardCharsets.UTF_8));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"a/b","digest":"%s","size":2},
        "layers":[{"mediaType":"application/octet-stream","digest":"%s","size":%d}]}\
        """
            .formatted(
                MediaTypes.OCI_MANIFEST,
                config,
                tag.equals("huge") ? FaultyRegistry.sha256(new byte[1]) : layerDigest,
                size);
    upstream.addManifest(
        "rancher/big", tag, manifest.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_MANIFEST);
  }

  private Path list(String... tags) throws IOException {
    return Files.write(
        folder.resolve("images-" + tags.length + ".txt"),
        Arrays.stream(tags).map(tag -> upstream.name() + "/rancher/big:" + tag).toList());
  }

  private static void fill(Path file) {
    try {
      Files.write(file, new byte[8_000_000]);
    } catch (IOException e) {
      // This is what it is for.
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private Path archive() {
    return folder.resolve("images.tar");
  }

  private Path failed() {
    return folder.resolve("failed.txt");
  }

  private void assertNothingAsked() {
    assertThat(upstream.seen()).isEmpty();
  }

  private void assertNoArchive() {
    assertThat(archive()).doesNotExist();
    assertThat(folder.resolve("images.tar.partial")).doesNotExist();
  }
}
