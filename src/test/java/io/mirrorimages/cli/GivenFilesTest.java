package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives and lists are named in the same ways for all commands. */
class GivenFilesTest {
  @TempDir private Path folder;
  private Path archive;

  @BeforeEach
  void makeFiles() throws IOException {
    archive = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "-o", archive).exitCode()).isZero();
    Files.writeString(folder.resolve("k3s-1.txt"), "rancher/one:v1\n");
    Files.writeString(folder.resolve("k3s-2.txt"), "quay.io/two/two:v2\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "inventory"})
  void anArchiveIsAnArgumentOrAnOption(String command) {
    Command argument = Command.run(command, archive);

    assertThat(argument.exitCode()).as(argument.err()).isZero();
    assertThat(argument.out()).isNotEmpty();
    assertThat(Command.run(command, "--archive", archive)).isEqualTo(argument);
    assertThat(Command.run(command, "-a", archive)).isEqualTo(argument);
    assertThat(Command.run(command, folder.resolve("s*.tar"))).isEqualTo(argument);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "inventory", "load", "verify", "serve"})
  void aCommandWithoutArchiveSaysHowToNameOne(String command) {
    Command none =
        command.equals("load") ? Command.run(command, "-r", "localhost:1") : Command.run(command);

    assertThat(none.complaint(2))
        .containsAnyOf("no archive: name its file, as in rancher.tar", "nothing to verify");
  }

  @Test
  void archivesStandBeforeAndAfterOptions() {
    Command first = Command.run("verify", archive, "--jobs", 2);
    Command last = Command.run("verify", "--jobs", 2, archive);

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).contains("verified");
    assertThat(last.exitCode()).as(last.err()).isZero();
  }

  @Test
  void listsAreSeveralOrAPattern() {
    Path one = folder.resolve("k3s-1.txt");
    Path two = folder.resolve("k3s-2.txt");
    Command repeated = nodes("--list", one, "--list", two);

    assertThat(repeated.exitCode()).as(repeated.err()).isZero();
    assertThat(repeated.out()).contains("quay.io", "docker.io");
    assertThat(nodes("--list", one, two)).isEqualTo(repeated);
    assertThat(nodes("-l", folder.resolve("k3s*.txt"))).isEqualTo(repeated);
    assertThat(nodes("--list=" + folder.resolve("k3s*.txt"))).isEqualTo(repeated);
    assertThat(nodes("--list", folder.resolve("rke2*.txt")).complaint(2))
        .contains("no file is called like", "rke2*.txt");
  }

  @Test
  void aListWithoutItsFileTakesNoOption() {
    assertThat(Command.run("registries-yaml", "--list", "--registry", "harbor.lan").complaint(2))
        .contains("--list needs a value: FILE");
  }

  @Test
  void anArchiveAfterAListIsNoList() {
    Path failed = folder.resolve("failed.txt");
    Path target = folder.resolve("layout");

    Command load =
        Command.run(
            "load",
            "--failed",
            failed,
            "-l",
            folder.resolve("sample.txt"),
            archive,
            "-r",
            "oci:" + target);

    assertThat(load.exitCode()).as(load.err()).isZero();
    assertThat(target.resolve("index.json")).exists();
  }

  private static Command nodes(Object... lists) {
    Object[] all = new Object[lists.length + 4];
    System.arraycopy(
        new Object[] {"registries-yaml", "-r", "harbor.lan", "--mapping=rancher"}, 0, all, 0, 4);
    System.arraycopy(lists, 0, all, 4, lists.length);
    return Command.run(all);
  }
}
