package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.lock.RunLock;
import io.mirrorimages.report.FailedList;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The report of a run that does not get to its images: never that of an earlier run. The runs
 * mostly wait, so they do it together.
 */
@Execution(ExecutionMode.CONCURRENT)
class ReportIT {
  private static final String UNREACHABLE = "127.0.0.1:1";

  @TempDir private static Path samples;
  @TempDir private Path folder;
  private Path archive;
  private Path list;
  private Path report;

  @BeforeAll
  static void makeSample() {
    assertThat(Command.run("sample", "--output", samples.resolve("s.tar")).exitCode()).isZero();
  }

  @BeforeEach
  void anEarlierRunWasGreen() throws IOException {
    archive = Files.copy(samples.resolve("s.tar"), folder.resolve("a.tar"));
    list = Files.writeString(folder.resolve("images.txt"), UNREACHABLE + "/rancher/a:v1\n");
    Files.writeString(folder.resolve("bad.txt"), "NOT AN IMAGE\n");
    Files.write(folder.resolve("cut.tar"), new byte[1000]);
    report = folder.resolve("r.json");
    assertThat(Command.run("verify", "--archive", archive, "--report", report).exitCode()).isZero();
    assertThat(report().get("exitCode").asInt()).isZero();
    assertThat(report().get("error").isNull()).isTrue();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of("network", 3, "load --archive a.tar --registry " + UNREACHABLE),
        Arguments.of("network", 3, "sync --list images.txt --registry " + UNREACHABLE),
        Arguments.of("network", 3, "verify --list images.txt --registry " + UNREACHABLE),
        Arguments.of("exists", 2, "save --list images.txt --output a.tar"),
        Arguments.of("file-missing", 2, "save --list images.txt --output none/b.tar"),
        Arguments.of("file-missing", 2, "load --archive none.tar --registry " + UNREACHABLE),
        Arguments.of("corrupt", 3, "verify --archive cut.tar"),
        Arguments.of("list", 2, "save --list bad.txt --output b.tar"),
        Arguments.of("list", 2, "sync --list none.txt --registry " + UNREACHABLE),
        Arguments.of("option", 2, "save --list images.txt --output b.tar --jobs 0"),
        Arguments.of("option", 2, "save --list images.txt --output b.tar --frobnicate"),
        Arguments.of("option", 2, "save --list images.txt"),
        Arguments.of("option", 2, "load --archive a.tar --registry h.invalid/Mirror"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatEndsARunBeforeItsImagesAreKnownIsInTheReport(String reason, int code, String command)
      throws IOException {
    Command run = run(command);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(code);
    assertThat(report().get("exitCode").asInt()).isEqualTo(code);
    assertThat(report().get("command").asString()).isEqualTo(command.split(" ")[0]);
    assertThat(report().get("finished").isNull()).isFalse();
    assertThat(report().get("images").isEmpty()).isTrue();
    assertThat(report().at("/error/reason").asString()).isEqualTo(reason);
    assertThat(run.err()).contains(report().at("/error/message").asString());
    boolean ofTheCommandLine = reason.equals("option") || reason.equals("list");
    assertThat(run.err().contains("mirror-images: " + reason + ": "))
        .as(run.err())
        .isNotEqualTo(ofTheCommandLine);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".lock") || name.startsWith("failed"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sync --list images.txt", "load --archive a.tar", "verify --list images.txt"})
  void aStopBeforeTheImagesAreKnownIsInTheReport(String command)
      throws IOException, InterruptedException {
    String waiting = command + " --registry " + UNREACHABLE + " --patience 10m --report r.json";
    Program.Running run = Program.in(folder).start((Object[]) waiting.split(" "));
    run.awaitError(Pattern.compile("trying again until"));
    run.signal("TERM");
    Command end = run.end();

    assertThat(end.exitCode()).as(end.err()).isEqualTo(143);
    assertThat(end.err()).contains("interrupted: run the same command again");
    assertThat(report().get("exitCode").asInt()).isEqualTo(143);
    assertThat(folder.resolve("r.json.lock")).doesNotExist();

    Command late = run.end();
    // Twice the time for one that did not come to its wait, on a busy machine.
    for (int deadline = 3; !late.err().contains("the deadline"); deadline *= 2) {
      Object[] words = (waiting + " --deadline " + deadline + "s").split(" ");
      Command next = Program.in(folder).run(words);
      late = next.err().contains("trying again until") ? next : late;
    }
    assertThat(late.exitCode()).as(late.err()).isEqualTo(4);
    assertThat(late.err()).contains("the deadline was reached: run the same command again");
    assertThat(report().get("exitCode").asInt()).isEqualTo(4);
  }

  @Test
  void whatIsAskedOfThePlanOnlyLeavesTheReportAlone() throws IOException {
    byte[] before = Files.readAllBytes(report);

    assertThat(run("save --list images.txt --output b.tar --dry-run").exitCode()).isNotZero();
    assertThat(run("save --help").exitCode()).isZero();

    assertThat(report).hasBinaryContent(before);
  }

  @Test
  void theMetricsOfARunThatFailsBeforeItsImagesAreKnownKeepTheLastSuccess() throws IOException {
    String metrics = " --metrics " + folder.resolve("nightly.prom");
    assertThat(run("verify --archive a.tar" + metrics).exitCode()).isZero();
    String success = lines("last_success_timestamp_seconds");
    assertThat(success).contains("{command=\"verify\",task=\"nightly\"} ");
    assertThat(lines("last_run_images")).contains("status=\"verified\"").containsPattern("} [1-9]");

    for (String wrong : List.of("--archive cut.tar", "--list bad.txt", "a.tar --frobnicate")) {
      int code = run("verify " + wrong + metrics).exitCode();
      assertThat(code).isPositive();
      assertThat(lines("last_run_exit_code")).endsWith("} " + code);
      assertThat(lines("last_success_timestamp_seconds")).isEqualTo(success);
    }

    assertThat(run("save --list bad.txt --output b.tar" + metrics).complaint(2))
        .contains("is no save metrics file of an earlier run", "--metrics");
    assertThat(run("verify a.tar --metrics m.txt").complaint(2)).contains("end in .prom");
    assertThat(report().get("exitCode").asInt()).isEqualTo(2);
    assertThat(lines("last_success_timestamp_seconds")).isEqualTo(success);
  }

  private String lines(String name) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("nightly.prom"))) {
      return lines
          .filter(line -> line.startsWith("mirror_images_" + name))
          .collect(Collectors.joining("\n"));
    }
  }

  @Test
  void aFileOfTheUsersIsNoReportWhateverIsWrong() throws IOException {
    Files.writeString(report, "precious");

    assertThat(run("save --list images.txt --frobnicate").exitCode()).isEqualTo(2);
    assertThat(run("save --list bad.txt --output b.tar").exitCode()).isEqualTo(2);

    assertThat(report).hasContent("precious");
  }

  @Test
  void theReportOfARunThatGoesOnIsNotTouched() throws IOException {
    byte[] before = Files.readAllBytes(report);
    try (RunLock _ = RunLock.take(folder.resolve("r.json.lock"), "it")) {
      Command second = run("save --list images.txt --output b.tar");
      assertThat(second.complaint(2))
          .contains("busy: ", "the report " + report + " is being written by process", "--report");
      assertThat(run("save --list images.txt --frobnicate").exitCode()).isEqualTo(2);
      assertThat(report).hasBinaryContent(before);
      assertThat(folder.resolve("r.json.lock")).exists();
    }
    assertThat(run("verify --archive a.tar").exitCode()).isZero();
  }

  @Test
  void aRunThatIsRefusedLeavesNoListBesideThatOfTheOther() throws IOException {
    Path output = folder.resolve("b.tar");
    try (FaultyRegistry registry = new FaultyRegistry();
        RunLock _ = RunLock.take(new ArchiveFileNames(output, false).lock(), "it");
        FailedList its = FailedList.take(folder.resolve("failed.txt"))) {
      addImage(registry);

      Command second = run("save --list images.txt --output b.tar");

      assertThat(second.complaint(2)).contains("busy: ", "b.tar is being written by process");
      assertThat(its.file()).isEqualTo(folder.resolve("failed.txt")).doesNotExist();
      assertThat(folder.resolve("failed-2.txt")).doesNotExist();
      assertThat(report().at("/error/reason").asString()).isEqualTo("busy");
      assertThat(report().get("exitCode").asInt()).isEqualTo(2);
    }
  }

  @Test
  void whatARunWaitsForIsInTheReport() throws IOException {
    try (FaultyRegistry registry = new FaultyRegistry()) {
      addImage(registry);

      Command save =
          run(
              "save --list images.txt --output b.tar --limit "
                  + registry.name()
                  + ":requests=2/4s");

      assertThat(save.exitCode()).as(save.err()).isZero();
      assertThat(report().get("waits").size()).as(save.err()).isEqualTo(1);
      JsonNode waits = report().at("/waits/0");
      assertThat(waits.get("registry").asString()).isEqualTo(registry.name());
      assertThat(waits.at("/causes/0").asString()).isNotEmpty();
      assertThat(save.err()).contains(registry.name() + ": " + waits.at("/causes/0").asString());
      assertThat(waits.get("outages").asInt()).isZero();
    }
  }

  private void addImage(FaultyRegistry registry) throws IOException {
    String config = registry.addBlob("{}".getBytes(StandardCharsets.UTF_8));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s",
        "config":{"mediaType":"a/b","digest":"%s","size":2},"layers":[]}\
        """
            .formatted(MediaTypes.OCI_MANIFEST, config);
    registry.addManifest(
        "rancher/a", "v1", manifest.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_MANIFEST);
    Files.writeString(list, registry.name() + "/rancher/a:v1\n");
  }

  private Command run(String command) {
    List<Object> arguments = new ArrayList<>();
    for (String word : command.split(" ")) {
      boolean file = word.endsWith(".tar") || word.endsWith(".txt");
      arguments.add(file ? folder.resolve(word) : word);
    }
    boolean help = arguments.contains("--help");
    arguments.addAll(List.of("--report", report, "--retries", 0, "--patience", "1s"));
    if (!command.startsWith("verify") && !help) {
      arguments.addAll(List.of("--failed", folder.resolve("failed.txt")));
    }
    return Command.run(arguments.toArray());
  }

  private JsonNode report() throws IOException {
    return Json.parse(Files.readAllBytes(report), "the report");
  }
}
