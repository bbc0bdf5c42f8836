package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All commands take the same places for archives; the samples are those of the formats' tests. */
class OtherFoldersTest {
  private static final int PART = 256;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"oc-mirror-1 oc-mirror-2 oc-mirror-3", "talos-cache-flat"})
  void commandsAgreeOnWhatIsAnArchive(String samples) throws Exception {
    Path images = extract(samples.split(" "));
    Path list = folder.resolve("list.txt");

    Command listed = Command.run("list", images);
    assertThat(listed.exitCode()).as(listed.err()).isZero();
    Files.writeString(list, listed.out());
    long count = listed.out().lines().count();
    assertThat(count).isPositive();
    assertThat(Command.run("verify", images).out()).contains(count + " verified");
    assertThat(Command.run("inspect", images).exitCode()).isZero();
    Command none = Command.run("diff", list, images);
    assertThat(none.exitCode()).as(none.err()).isZero();
    assertThat(none.out()).isEmpty();
    Command inventory = Command.run("inventory", images);
    assertThat(inventory.exitCode()).as(inventory.err()).isZero();
    Path small = Files.writeString(folder.resolve("small.json"), inventory.out());
    assertThat(Command.run("list", small).out()).isEqualTo(listed.out());

    Path delta = folder.resolve("delta.tar");
    Command converted = Command.run("convert", images, "--to", delta, "--base", images);
    assertThat(converted.exitCode()).as(converted.err()).isZero();
    assertThat(Command.run("verify", delta, images).exitCode()).isZero();
    // A folder is no list, though it stands behind one.
    Command chosen = Command.run("verify", "--list", list, images);
    assertThat(chosen.exitCode()).as(chosen.err()).isZero();
  }

  @Test
  void aFolderOfOtherThingsIsNamedForWhatItHas() throws Exception {
    Path lists = Files.createDirectory(folder.resolve("lists"));
    Files.writeString(lists.resolve("a.txt"), "rancher/shell:v1\n");
    assertThat(Command.run("list", lists).complaint(2))
        .contains("is a directory, not an image list: name the files in it, as in '" + lists);

    Path tars = Files.createDirectory(folder.resolve("tars"));
    for (int i = 1; i <= 2; i++) {
      try (InputStream sample = resource("oc-mirror-" + i)) {
        Files.copy(sample, tars.resolve("mirror_00000" + i + ".tar"));
      }
    }
    for (String command : List.of("list", "verify", "inventory", "inspect")) {
      assertThat(Command.run(command, tars).complaint(2))
          .contains("is a folder with archives: give these, as in '" + tars + "/*.tar'");
    }
    Path layout = folder.resolve("layout");
    assertThat(Command.run("convert", tars + "/*.tar", "--to", "oci:" + layout).exitCode())
        .isZero();
    for (String command : List.of("list", "verify", "inventory", "inspect")) {
      assertThat(Command.run(command, layout).complaint(2)).contains("oci:" + layout);
    }
  }

  @Test
  void anyPartOfAnArchiveIsTheArchive() throws Exception {
    String listed = Command.run("list", extract("talos-cache-flat")).out();
    byte[] whole;
    try (InputStream compressed = compressed("talos-cache-flat")) {
      whole = compressed.readAllBytes();
    }
    List<Path> parts = new ArrayList<>();
    for (int from = 0; from < whole.length; from += PART) {
      byte[] part = Arrays.copyOfRange(whole, from, Math.min(from + PART, whole.length));
      parts.add(Files.write(folder.resolve("x.tgz.%03d".formatted(parts.size() + 1)), part));
    }
    assertThat(parts).anySatisfy(part -> assertThat(Files.readAllBytes(part)).doesNotContain(0));
    for (Path part : parts) {
      assertThat(Command.run("list", part).out()).as("%s", part).isEqualTo(listed);
    }
  }

  private static InputStream compressed(String sample) {
    return Objects.requireNonNull(
        OtherFoldersTest.class.getResourceAsStream("/archives/" + sample + ".tar.gz"));
  }

  private static InputStream resource(String sample) throws IOException {
    return new GZIPInputStream(compressed(sample));
  }

  /** As {@code tar -xf} of each, into one folder. */
  private Path extract(String... samples) throws IOException {
    Path all = Files.createDirectory(folder.resolve("all"));
    for (String sample : samples) {
      try (TarArchiveInputStream tar = new TarArchiveInputStream(resource(sample))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          if (entry.isFile()) {
            Path file = all.resolve(entry.getName());
            Files.createDirectories(file.getParent());
            Files.copy(tar, file);
          }
        }
      }
    }
    return all;
  }
}
