package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Digest;
import io.mirrorimages.job.carry.ToolTarballs;
import io.mirrorimages.serve.ArchiveServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What save says of the sticks that its volumes are carried on. */
class CarryTest {
  @TempDir private static Path shared;
  private static ArchiveReader archive;
  private static ArchiveServer server;

  @TempDir private Path folder;
  private Path list;
  private Path sheet;

  @BeforeAll
  static void serve() throws Exception {
    Path sample = shared.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    archive = ArchiveReader.open(sample);
    server =
        ArchiveServer.start(archive, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @BeforeEach
  void writeList() throws Exception {
    String host = "127.0.0.1:" + server.address().getPort();
    list =
        Files.write(
            folder.resolve("list.txt"),
            archive.images().stream()
                .map(image -> image.name().toString().replace("docker.io", host))
                .toList());
    sheet = folder.resolve("sheet.txt");
  }

  @AfterAll
  static void close() throws Exception {
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
  void theToolIsUnpackedOnceWhereSticksAreTakenInTurn() throws Exception {
    Path tool = ToolTarballs.make(folder.resolve("made"), "mirror-images-9.9.9", true);
    save("--with-tool=" + tool, "--volume-size", "1300k", "--carry-sheet", sheet);
    assertThat(Files.readAllLines(sheet))
        .contains("  tar -xzf mirror-images-9.9.9.tar.gz  # once, from stick 1");
  }

  @Test
  void theToolItsInstructionsAndSumsLieBesideTheArchive() throws Exception {
    Path tool = ToolTarballs.make(folder.resolve("made"), "mirror-images-9.9.9", true);
    long size = Files.size(tool);

    Command saved = save("--with-tool=" + tool, "--carry-sheet", sheet);

    assertThat(saved.exitCode()).as(saved.err()).isZero();
    assertThat(saved.out()).contains("beside it: mirror-images-9.9.9.tar.gz", "rancher-load.txt");
    assertThat(folder.resolve("mirror-images-9.9.9.tar.gz")).hasSameBinaryContentAs(tool);
    assertThat(sums("mirror-images-9.9.9.tar.gz", "rancher-load.txt", "rancher.tar"))
        .isEqualTo(Files.readAllLines(folder.resolve("SHA256SUMS")));
    assertThat(folder.resolve("rancher-load.txt"))
        .content()
        .contains(
            "  tar -xzf mirror-images-9.9.9.tar.gz",
            "export PATH=\"$PWD/mirror-images-9.9.9/bin:$PATH\"",
            "mirror-images load --archive rancher.tar --registry HOST",
            "a Java of its own",
            "中文",
            "工具自带 Java");
    assertThat(Files.readAllLines(sheet))
        .contains(
            "  tar -xzf mirror-images-9.9.9.tar.gz",
            "  mirror-images-9.9.9/bin/mirror-images verify --archive rancher.tar")
        .anyMatch(line -> line.startsWith("  mirror-images-9.9.9.tar.gz  " + size));
    // A file in the archive's folder is taken as it is; and what is done already stays.
    Files.delete(folder.resolve("SHA256SUMS"));
    Command again = save("--with-tool", folder.resolve("mirror-images-9.9.9.tar.gz"));
    assertThat(again.out()).contains("nothing to do", "beside it: ");
    assertThat(folder.resolve("SHA256SUMS")).content().contains("  rancher.tar\n");
    // The sum of a replaced archive does not stay.
    Files.write(list, Files.readAllLines(list).subList(0, 2));
    assertThat(save("--overwrite").exitCode()).isZero();
    assertThat(folder.resolve("rancher.tar")).exists();
    assertThat(folder.resolve("SHA256SUMS")).content().doesNotContain("  rancher.tar");
  }

  private Command load(Path archive) {
    Path there = folder.resolve("there");
    Path failed = folder.resolve("failed.txt");
    return Command.run("load", "-a", archive, "-r", "oci:" + there, "--failed", failed);
  }

  @Test
  void theVolumeThatIsDamagedIsNamedWithTheCommandThatFollows() throws Exception {
    assertThat(save("--volume-size", "1300k").exitCode()).isZero();
    Path second = folder.resolve("rancher-0002.tar");
    byte[] damaged = Files.readAllBytes(second);
    damaged[damaged.length / 2] ^= 1;
    Files.write(second, damaged);
    Path pattern = folder.resolve("rancher-*.tar");

    assertThat(Command.run("verify", "--archive", pattern).out())
        .contains(
            "next: copy %s here again, then: mirror-images verify --archive '%s'; if it is"
                .formatted(second, pattern));
    assertThat(load(pattern).out())
        .contains("next: copy " + second + " again; then what is not done");
  }

  @Test
  void nothingIsPutBesideAnArchiveThatWasDamagedAfterItWasFinished() throws Exception {
    Path tool = ToolTarballs.make(folder.resolve("made"), "mirror-images-9.9.9", true);
    Path saved = folder.resolve("rancher.tar");
    assertThat(save().exitCode()).isZero();
    byte[] whole = damage(saved);

    Command again = save("--with-tool=" + tool, "--carry-sheet", sheet);

    assertThat(again.complaint(3))
        .contains("rancher.tar is damaged in sha256:", "no checksum", "--overwrite");
    assertThat(again.out()).doesNotContain("beside it");
    assertThat(folder)
        .isDirectoryNotContaining("glob:**{SHA256SUMS,-load.txt,sheet.txt,9.9.9.tar.gz}");
    Files.write(saved, whole);
    assertThat(save("--with-tool=" + tool).exitCode()).isZero();
    assertThat(folder.resolve("SHA256SUMS")).content().contains("  rancher.tar\n");
  }

  @Test
  void anArchiveThatHasASumIsHashedAgain() throws Exception {
    Path tool = ToolTarballs.make(folder.resolve("made"), "mirror-images-9.9.9", true);
    assertThat(save("--with-tool=" + tool).exitCode()).isZero();
    Files.delete(folder.resolve("rancher-load.txt"));
    damage(folder.resolve("rancher.tar"));

    Command again = save("--with-tool=" + tool);

    assertThat(again.complaint(3)).contains("its checksum is not the one in SHA256SUMS");
    assertThat(again.out()).contains("hashing ").doesNotContain("beside it");
    assertThat(folder.resolve("rancher-load.txt")).doesNotExist();
  }

  /** The first run lost an image: the second one looks for it, and keeps what is there. */
  @Test
  void theToolDoesNotStayBesideADamagedArchiveOfAnEarlierRun() throws Exception {
    Path tool = ToolTarballs.make(folder.resolve("made"), "mirror-images-9.9.9", true);
    List<String> lines = Files.readAllLines(list);
    Files.writeString(
        list, lines.getFirst().replaceFirst("/.*", "/rancher/none:1\n"), StandardOpenOption.APPEND);
    assertThat(save().exitCode()).isEqualTo(1);
    damage(folder.resolve("rancher.tar"));

    Command again = save("--with-tool=" + tool);

    assertThat(again.out()).contains("putting ");
    assertThat(again.exitCode()).isEqualTo(3);
    assertThat(again.err()).contains("rancher.tar is damaged in");
    assertThat(folder).isDirectoryNotContaining("glob:**{SHA256SUMS,-load.txt,9.9.9.tar.gz}");
  }

  /** Turns a bit in the middle of the file, where the layers are; gives what it was before. */
  private static byte[] damage(Path file) throws Exception {
    byte[] whole = Files.readAllBytes(file);
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 1;
    Files.write(file, damaged);
    return whole;
  }

  private List<String> sums(String... names) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      byte[] content = Files.readAllBytes(folder.resolve(name));
      lines.add(Digest.sha256(content).hex() + "  " + name);
    }
    return lines;
  }

  @Test
  void aToolWithoutJavaNamesWhatTheFarSideNeeds() throws Exception {
    Path tool = ToolTarballs.make(folder.resolve("made"), "mirror-images-9.9.9", false);

    Command saved = save("--with-tool=" + tool, "--volume-size", "1300k", "--stick-size", "10M");

    assertThat(saved.complaint(0)).contains("the far side needs a Java 25", "-linux-ARCH.tar.gz");
    assertThat(saved.out()).contains("4 files", "on 1 stick");
    assertThat(folder.resolve("SHA256SUMS")).content().hasLineCount(4);
    assertThat(folder.resolve("rancher-load.txt"))
        .content()
        .contains("needs a Java 25", "load --archive 'rancher-*.tar'");
  }

  @Test
  void theToolCountsForTheDiskInAPlan() throws Exception {
    Path tool = ToolTarballs.make(folder.resolve("made"), "mirror-images-9.9.9", true);

    assertThat(save("--with-tool=" + tool, "--dry-run").out())
        .contains("tool beside it       at most " + Files.size(tool));
    assertThat(folder.resolve("mirror-images-9.9.9.tar.gz")).doesNotExist();
  }

  @Test
  void aToolThatCannotBeCarriedIsRefusedBeforeAnyWork() throws Exception {
    Path notes = Files.writeString(folder.resolve("rancher-load.txt"), "mine");
    Path tool = ToolTarballs.make(folder.resolve("made"), "mirror-images-9.9.9", true);
    assertThat(save("--with-tool=" + tool).complaint(2)).contains("rancher-load.txt is another");
    assertThat(notes).hasContent("mine");
    Files.delete(notes);
    Files.writeString(folder.resolve("mirror-images-9.9.9.tar.gz"), "mine");
    assertThat(save("--with-tool=" + tool).complaint(2)).contains("is there already, and is not");
    assertThat(save("--with-tool=" + notes).complaint(2)).contains("there is no such file");
    byte[] half = Arrays.copyOf(Files.readAllBytes(tool), (int) Files.size(tool) / 2);
    assertThat(save("--with-tool=" + Files.write(tool, half)).complaint(2))
        .contains("is not a whole mirror-images-VERSION.tar.gz");
    assertThat(save("--with-tool").complaint(2)).contains("does not run from an unpacked");
    assertThat(Command.run("save", "--list", list, "--output", "oci:" + folder, "--with-tool"))
        .satisfies(run -> assertThat(run.complaint(2)).contains("--with-tool does not go with"));
    assertThat(folder.resolve("rancher.tar")).doesNotExist();
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
