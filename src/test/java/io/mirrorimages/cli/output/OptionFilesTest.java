package io.mirrorimages.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

class OptionFilesTest {
  @TempDir private Path folder;

  @Command(name = "save")
  private static final class Save {
    @Option(names = "--output")
    private Path output;

    @Option(names = "--volume-size")
    private String volumeSize;

    @Option(names = "--report")
    private Path report;

    @Option(names = "--failed")
    private Path failed;

    @Option(names = "--base")
    private Path base;

    @Option(names = "--list")
    private List<String> lists;

    @Option(names = "--ca-file")
    private List<String> authorities;

    @Option(names = "--for", completionCandidates = Words.class)
    private String word;

    @Option(names = "--username", paramLabel = "NAME")
    private String username;
  }

  private static final class Words extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Words() {
      super(List.of("a.tar"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.tar", "a.tar.partial", "a.tar.journal", "a.tar.journal.new", "a.tar.lock"})
  void noFileOfAnArchiveIsAReportOrAnInput(String name) {
    for (String option : List.of("--report", "--failed", "--base", "--list")) {
      assertRefused(option, name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a-0001.tar",
        "a-0002.tar.partial",
        "a.tar.journal",
        "SHA256SUMS",
        "SHA256SUMS.new"
      })
  void noFileOfAnArchiveInVolumesIsAReportOrAnInput(String name) {
    for (String option : List.of("--report", "--failed", "--base", "--list")) {
      assertRefused(option, name, "--volume-size", "1G");
    }
  }

  @Test
  void theHostBeforeAFileMakesNoDifference() {
    assertThatThrownBy(
            () ->
                check(
                    "--output",
                    folder.resolve("a.tar"),
                    "--ca-file",
                    "harbor.example.com=" + folder.resolve("a.tar.lock")))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("--ca-file");
  }

  @ParameterizedTest
  @CsvSource({"a-0001.tar", "SHA256SUMS", "a.json", "b.tar.partial"})
  void filesThatTheRunDoesNotWriteAreFree(String name) {
    assertThatCode(
            () -> check("--output", folder.resolve("a.tar"), "--report", folder.resolve(name)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--for", "--username"})
  void aWordOfAFixedSetOrAUserMayBeCalledAsAFile(String option) {
    assertThatCode(() -> check("--output", "a.tar", option, "a.tar")).doesNotThrowAnyException();
  }

  @Test
  void filesOfTheSameNameElsewhereAreFree() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    assertThatCode(
            () ->
                check(
                    "--output",
                    folder.resolve("a.tar"),
                    "--volume-size",
                    "1G",
                    "--report",
                    other.resolve("SHA256SUMS"),
                    "--failed",
                    other.resolve("a-0001.tar")))
        .doesNotThrowAnyException();
  }

  @Test
  void aLinkIsTheFileThatItLeadsTo() throws IOException {
    Path volume = Files.createFile(folder.resolve("a-0001.tar"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), volume);
    Path hard = Files.createLink(folder.resolve("hard"), volume);
    Path same = Files.createSymbolicLink(folder.resolve("same"), folder);
    for (Path name :
        List.of(
            link,
            hard,
            same.resolve("a-0001.tar"),
            same.resolve("a-0002.tar"),
            folder.resolve("x/../SHA256SUMS"))) {
      assertThatThrownBy(
              () ->
                  check(
                      "--output", folder.resolve("a.tar"), "--volume-size", "1G", "--report", name))
          .as(name.toString())
          .isInstanceOf(ParameterException.class);
    }
  }

  @Test
  void aFolderThatDoesNotExistIsNotTheConcernOfThisCheck() {
    Path nowhere = folder.resolve("nowhere");
    assertThatCode(
            () -> check("--output", nowhere.resolve("a.tar"), "--report", folder.resolve("a.json")))
        .doesNotThrowAnyException();
    assertThatCode(() -> check("--output", "/", "--report", folder.resolve("a.json")))
        .doesNotThrowAnyException();
  }

  private void assertRefused(String option, String name, String... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("--output", folder.resolve("a.tar"), option, folder.resolve(name)));
    arguments.addAll(List.of(more));
    assertThatThrownBy(() -> check(arguments.toArray()))
        .as(option + " " + name)
        .isInstanceOf(ParameterException.class)
        .hasMessage(
            "%s is the %s too, and would be written over as the --output: name another file",
            folder.resolve(name), option);
  }

  private static void check(Object... arguments) {
    Save save = new Save();
    CommandLine command = new CommandLine(save);
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    command.parseArgs(texts);
    OptionFiles.check(command.getCommandSpec());
    assertThat(save.output).isNotNull();
  }
}
