package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Json;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a run prints and logs where nobody watches, as in cron. */
@Timeout(300)
class LogIT {
  private static final String STAMP = "[0-9]{4}-[0-9-]{5}T[0-9:]{8}(Z|[+-][0-9:]{5}) ";

  @TempDir private Path folder;
  private FaultyRegistry upstream;
  private Path list;
  private Path archive;
  private String layer = "";

  @BeforeEach
  void addImage() throws Exception {
    upstream = new FaultyRegistry();
    layer = upstream.addBlob("layer".getBytes(StandardCharsets.UTF_8));
    String config = upstream.addBlob("{}".getBytes(StandardCharsets.UTF_8));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"a/b","digest":"%s","size":2},
        "layers":[{"mediaType":"application/octet-stream","digest":"%s","size":5}]}\
        """
            .formatted(MediaTypes.OCI_MANIFEST, config, layer);
    upstream.addManifest(
        "rancher/a", "v1", manifest.getBytes(StandardCharsets.UTF_8), MediaTypes.OCI_MANIFEST);
    list = Files.writeString(folder.resolve("images.txt"), upstream.name() + "/rancher/a:v1\n");
    archive = folder.resolve("a.tar");
  }

  @AfterEach
  void close() {
    upstream.close();
  }

  private void addMissing() throws Exception {
    Files.writeString(
        list, upstream.name() + "/rancher/a:v1\n" + upstream.name() + "/rancher/none:v1\n");
  }

  private Command save(Object... more) throws Exception {
    return Program.in(folder)
        .run(
            Stream.concat(Stream.of("save", "--list", list, "--output", "a.tar"), Stream.of(more))
                .toArray());
  }

  @Test
  void eachLineHasItsTimeAndTheEndSaysWhatWasMadeAndWhatToDoNext() throws Exception {
    Program.Running save =
        Program.in(folder)
            .start("save", "--list", list, "--output", "a.tar", "--report", "report.json");
    Command ended = save.end();

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    List<String> lines = Files.readAllLines(save.out());
    assertThat(lines).allMatch(line -> line.matches(STAMP + ".*"));
    assertThat(Files.readAllLines(save.err())).allMatch(line -> line.matches(STAMP + ".*"));
    assertThat(ended.out().lines().toList().subList(lines.size() - 5, lines.size()))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("1 image: 1 copied; "),
            line -> assertThat(line).matches("a.tar: [0-9.]+ kB, 1 image, id [0-9a-f]+"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "next: carry it, and check it there: mirror-images verify --archive a.tar"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "then: mirror-images load --archive a.tar --registry HOST[/PROJECT]"),
            line -> assertThat(line).isEqualTo("report: report.json"));
  }

  @Test
  void aQuietCommandThatSucceedsPrintsNothingAtAll() throws Exception {
    try (FaultyRegistry target = new FaultyRegistry()) {
      for (List<Object> command :
          List.<List<Object>>of(
              List.of("save", "--list", list, "--output", archive),
              List.of("save", "--list", list, "--output", archive),
              List.of("verify", "--archive", archive),
              List.of("load", "--archive", archive, "--registry", target.name()),
              List.of("verify", "--archive", archive, "--registry", target.name()),
              List.of("sync", "--list", list, "--registry", target.name()),
              List.of("verify", "--list", list, "--registry", target.name()))) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<Object> quiet = new ArrayList<>(command);
        quiet.add("--quiet");
        if (!command.getFirst().equals("verify")) {
          quiet.addAll(List.of("--failed", folder.resolve("failed.txt")));
        }
        Command ended = Command.run(out, err, quiet.toArray());
        assertThat(ended.exitCode()).as(command + ended.err()).isZero();
        assertThat(out.size() + err.size()).as(command + ended.out() + ended.err()).isZero();
      }
    }
  }

  @Test
  void aQuietCommandThatFailsPrintsFailuresOnStandardErrorOnly() throws Exception {
    addMissing();
    Command save = save("--quiet");

    assertThat(save.exitCode()).isEqualTo(1);
    assertThat(save.out()).isEmpty();
    assertThat(save.err().lines().filter(line -> line.startsWith("[")))
        .singleElement()
        .asString()
        .contains("failed", "/rancher/none:v1", "missing: ");
    assertThat(save.err()).contains("2 images: 1 copied, 1 failed").doesNotContain("rancher/a:v1");
  }

  @Test
  void aQuietCommandThatIsStoppedPrintsOneLine() throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    upstream.on(
        "GET",
        "/blobs/" + layer,
        exchange -> {
          stalled.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      Program.Running save =
          Program.in(folder)
              .start("save", "--list", list, "--output", "a.tar", "--quiet", "--log-file", "l.log");
      assertThat(stalled.await(120, TimeUnit.SECONDS)).isTrue();
      save.signal("TERM");
      Command ended = save.end();

      assertThat(ended.exitCode()).isEqualTo(143);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err().lines())
          .singleElement()
          .asString()
          .matches(
              "mirror-images: interrupted: run the same command again to go on;"
                  + " .* are kept in a.tar.partial");
      assertThat(folder.resolve("l.log")).content().contains("interrupted", "1 unfinished");
    } finally {
      release.countDown();
    }
  }

  @Test
  void asJsonEachLineIsAnEventWithTheReasonsOfTheReport() throws Exception {
    addMissing();
    Command save = save("--log-format", "json", "--report", "report.json");

    assertThat(save.exitCode()).as(save.err()).isEqualTo(1);
    assertThat(save.err()).isEmpty();
    List<JsonNode> events = events(save.out());
    assertThat(events.stream().map(LogIT::kind))
        .startsWith("run-started")
        .contains("plan", "image-started", "blob-started", "blob-ended", "image-ended")
        .endsWith("run-ended");
    assertThat(events.getLast().get("exitCode").asInt()).isEqualTo(1);
    JsonNode report = Json.parse(Files.readAllBytes(folder.resolve("report.json")), "the report");
    assertThat(
            events.stream()
                .filter(event -> kind(event).equals("image-ended"))
                .map(event -> event.get("source").asString() + " " + event.get("reason")))
        .containsExactlyInAnyOrderElementsOf(
            report
                .get("images")
                .valueStream()
                .map(image -> image.get("source").asString() + " " + image.get("reason"))
                .toList());
  }

  private static List<JsonNode> events(String text) {
    return text.lines()
        .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8), "a line"))
        .toList();
  }

  private static String kind(JsonNode event) {
    return event.get("event").asString();
  }

  @Test
  void aLogFileIsAppendedToBesideTheConsole() throws Exception {
    Object[] options = {"--log-file", "run.log", "--log-format", "json", "--quiet"};
    assertThat(save(options).exitCode()).isZero();
    Command again = save("--log-file", "run.log", "--log-format", "json");

    assertThat(again.out()).contains("1 image: 1 unchanged");
    List<JsonNode> events = events(Files.readString(folder.resolve("run.log")));
    assertThat(events.stream().filter(event -> kind(event).equals("run-started"))).hasSize(2);
    assertThat(kind(events.getLast())).isEqualTo("run-ended");
  }

  @Test
  void aLogFileThatCanNotBeWrittenIsOneLine() throws Exception {
    assertThat(save("--log-file", "none/run.log").complaint(2))
        .contains("--log-file: none/run.log can't be written", "create it first");
    assertThat(save("--log-file", "images.txt").complaint(2)).contains("is the --list too");
    assertThat(archive).doesNotExist();
  }
}
