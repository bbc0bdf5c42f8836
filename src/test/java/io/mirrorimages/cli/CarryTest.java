package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Digest;
import io.mirrorimages.serve.ArchiveServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What save says of the sticks that its volumes are carried on. */
class CarryTest {
  @TempDir private Path folder;
  private ArchiveReader archive;
  private ArchiveServer server;
  private Path list;
  private Path sheet;

  @BeforeEach
  void serve() throws Exception {
    Path sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    archive = ArchiveReader.open(sample);
    server =
        ArchiveServer.start(archive, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    String host = "127.0.0.1:" + server.address().getPort();
    list =
        Files.write(
            folder.resolve("list.txt"),
            archive.images().stream()
                .map(image -> image.name().toString().replace("docker.io", host))
                .toList());
    sheet = folder.resolve("sheet.txt");
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    archive.close();
  }

  private Command save(Object... more) {
    return Command.run(
        Stream.concat(
                Stream.of(
                    "save",
                    "--list",
                    list,
                    "--output",
                    folder.resolve("rancher.tar"),
                    "--failed",
                    folder.resolve("failed.txt")),
                Stream.of(more))
            .toArray());
  }

  @Test
  void volumesAreNamedByStickWithTheirChecksums() throws Exception {
    Command saved = save("--volume-size", "1300k", "--stick-size", "10M", "--carry-sheet", sheet);

    assertThat(saved.exitCode()).as(saved.err()).isZero();
    List<String> lines = Files.readAllLines(sheet);
    assertThat(saved.out().lines()).containsAll(lines);
    assertThat(lines.getFirst()).matches("carry sheet of rancher.tar: 2 files, .* on 1 stick");
    assertThat(lines)
        .as("what the far side's first command reads")
        .contains("every stick: SHA256SUMS");
    Path first = folder.resolve("rancher-0001.tar");
    assertThat(lines)
        .contains(
            "  rancher-0001.tar  %d bytes  sha256 %s"
                .formatted(Files.size(first), Digest.sha256(Files.readAllBytes(first)).hex()),
            "FAT32: every file fits (4 GiB less a byte at most)",
            "  mirror-images verify --archive 'rancher-*.tar'");
    Path pattern = folder.resolve("rancher-*.tar");
    assertThat(Command.run("verify", "--archive", pattern).out()).contains("6 verified");
    // Run again, it has nothing to do but says the same.
    Files.delete(sheet);
    assertThat(save("--volume-size", "1300k", "--carry-sheet", sheet).out()).contains("stick 2: ");
    assertThat(sheet).content().contains("on 2 sticks, which can be taken in any order");
  }

  @Test
  void oneFileHasASheetOnlyIfOneIsAskedFor() throws Exception {
    assertThat(save("--carry-sheet", sheet, "--stick-size", "1M").out())
        .contains("too large for a stick of 1.0 MB: rancher.tar");
    assertThat(save().out()).doesNotContain("carry sheet");
  }

  @Test
  void whatCannotBeIsSaidBeforeAnyWork() throws Exception {
    assertThat(save("--volume-size", "4G", "--stick-size", "4G").complaint(2))
        .contains("--volume-size", "--stick-size", "3.9 GB can be used");
    Path notes = Files.writeString(folder.resolve("notes.txt"), "mine");
    assertThat(save("--carry-sheet", notes).complaint(2)).contains("is not written over");
    assertThat(save("--carry-sheet", list).complaint(2)).contains("--list");
    assertThat(notes).hasContent("mine");
    assertThat(folder.resolve("rancher.tar")).doesNotExist();
  }
}
