package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class OutcomeFilesTest {
  private static final ImageRequest A = request("rancher/a:1");
  private static final ImageRequest B = request("rancher/b:1");

  @TempDir private Path folder;

  @Test
  void everythingIsToDoAtTheBeginning() throws IOException {
    outcome();

    assertThat(folder.resolve("failed.txt"))
        .hasContent(OutcomeKinds.HEADER + "\ndocker.io/rancher/a:1\ndocker.io/rancher/b:1\n");
    assertThat(report().get("exitCode").isNull()).isTrue();
    assertThat(report().at("/summary/unfinished").asInt()).isEqualTo(2);
  }

  @Test
  void whatFailedStaysWithItsReason() throws IOException {
    ImageResult failed =
        ImageResult.failed(
            B, Optional.empty(), new TransferException(FailureKind.MISSING, "not there"));

    outcome().finish(List.of(settled(A), failed), 1);

    assertThat(folder.resolve("failed.txt"))
        .hasContent(OutcomeKinds.HEADER + "\n# missing: not there\ndocker.io/rancher/b:1\n");
    JsonNode image = report().at("/images/1");
    assertThat(image.get("source").asString()).isEqualTo("docker.io/rancher/b:1");
    assertThat(image.get("status").asString()).isEqualTo("failed");
    assertThat(image.get("reason").asString()).isEqualTo("missing");
    assertThat(report().get("exitCode").asInt()).isEqualTo(1);
    assertThat(report().get("schema").asInt()).isEqualTo(1);
  }

  @Test
  void theListIsGoneWhenNothingIsLeft() throws IOException {
    outcome().finish(List.of(settled(A), settled(B)), 0);

    assertThat(folder.resolve("failed.txt")).doesNotExist();
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("report.json"));
    }
  }

  @Test
  void runsInTheSameFolderDoNotTakeEachOthersDraftAway() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        runs.add(
            threads.submit(
                () -> {
                  outcome();
                  return null;
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
    assertThat(folder.resolve("failed.txt")).isNotEmptyFile();
    try (var left = Files.list(folder)) {
      assertThat(left).hasSize(2);
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenIsSaidBeforeTheRun() {
    assertThatThrownBy(
            () ->
                outcome(Optional.empty())
                    .begin(
                        List.of(A),
                        Optional.of(FailedList.take(folder.resolve("no/failed.txt"))),
                        false))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("{setting failed}");
  }

  /** The list has a usual name, so the option may not have been given. */
  @Test
  void aFileOfTheUserIsKeptAndTheOptionIsTheRemedy() throws IOException {
    Path notes = Files.writeString(folder.resolve("failed.txt"), "my notes: call Bob\n");
    FailedList list = FailedList.unlocked(notes);
    assertThatThrownBy(() -> outcome(Optional.empty()).begin(List.of(A), Optional.of(list), false))
        .hasMessage(
            notes
                + " exists and is no list of what is not done of an earlier run, and is not"
                + " replaced: name another file with {setting failed}");
    assertThat(notes).hasContent("my notes: call Bob");
  }

  @Test
  void nothingOfOneWholeIsDoneBeforeAllIs() throws IOException {
    OutcomeFiles archive = outcome(true);
    archive.on(new RunEvent.ImageEnded(settled(A)));
    assertThat(folder.resolve("failed.txt"))
        .hasContent(OutcomeKinds.HEADER + "\ndocker.io/rancher/a:1\ndocker.io/rancher/b:1\n");

    archive.finish(List.of(settled(A)), 1);
    assertThat(folder.resolve("failed.txt"))
        .hasContent(OutcomeKinds.HEADER + "\ndocker.io/rancher/b:1\n");
  }

  @Test
  void aRunThatDoesNotGetToItsImagesReplacesTheReportOfAnEarlierOne() throws IOException {
    outcome().finish(List.of(settled(A), settled(B)), 0);

    OutcomeFiles files = outcome(Optional.of(folder.resolve("report.json")));
    assertThat(report().get("exitCode").isNull()).isTrue();
    assertThat(report().get("images").isEmpty()).isTrue();

    files.end(3, Optional.of(new Failure(FailureKind.NETWORK, "no way, add " + Setting.CA_FILE)));
    assertThat(report().get("exitCode").asInt()).isEqualTo(3);
    assertThat(report().at("/error/reason").asString()).isEqualTo("network");
    assertThat(report().at("/error/message").asString()).isEqualTo("no way, add ca-file");
    assertThat(report().get("images").isEmpty()).isTrue();
    assertThat(folder.resolve("failed.txt")).doesNotExist();
  }

  @Test
  void theLastExitCodeIsTheOneThatCounts() throws IOException {
    OutcomeFiles files = outcome();
    files.finish(List.of(settled(A), settled(B)), 0);

    files.end(1, Optional.empty());

    assertThat(report().get("exitCode").asInt()).isEqualTo(1);
    assertThat(report().at("/summary/copied").asInt()).isEqualTo(2);
  }

  @Test
  void aMistakeInTheMiddleOfAnArchiveLeavesNothingDone() throws IOException {
    OutcomeFiles files = outcome(true);
    files.on(new RunEvent.ImageEnded(settled(A)));

    files.end(3, Optional.of(new Failure(FailureKind.PROGRAM, "a mistake")));

    assertThat(report().at("/summary/unfinished").asInt()).isEqualTo(2);
    assertThat(folder.resolve("failed.txt"))
        .hasContent(OutcomeKinds.HEADER + "\ndocker.io/rancher/a:1\ndocker.io/rancher/b:1\n");
  }

  @Test
  void whatAnArchiveKeepsForTheNextRunIsNotListed() throws IOException {
    OutcomeFiles files = outcome(true);
    files.on(new RunEvent.ImageEnded(settled(A)));
    List<ImageResult> results = List.of(settled(A).unfinished(true), ImageResult.unfinished(B));

    files.finish(results, 130);

    assertThat(Summary.of(results, Duration.ofSeconds(3)))
        .isEqualTo("2 images: 1 kept for the next run, 1 unfinished; 10 B in 3.0 s");
    assertThat(report().at("/summary/unfinished").asInt()).as("as it always was").isEqualTo(2);
    assertThat(report().at("/summary/kept").asInt()).isEqualTo(1);
    assertThat(report().at("/images/0/status").asString()).isEqualTo("unfinished");
    assertThat(report().at("/images/0/kept").asBoolean()).isTrue();
    assertThat(folder.resolve("failed.txt"))
        .hasContent(OutcomeKinds.HEADER + "\ndocker.io/rancher/b:1\n");
  }

  @Test
  void theReportHasTheWaitsOfEachRegistry() throws IOException {
    OutcomeFiles files = outcome();
    files.on(new RunEvent.Waiting(new Wait("a.lan", "429 of it", Duration.ofSeconds(7))));
    files.on(waiting("refused", 900, Wait.Kind.OUTAGE));
    files.on(waiting("", 40, Wait.Kind.BACK));
    files.on(waiting("refused", 900, Wait.Kind.OUTAGE));
    files.on(waiting("", 2, Wait.Kind.BACK));
    files.finish(List.of(settled(A)), 0);

    JsonNode waits = report().at("/waits/0");
    assertThat(waits.get("registry").asString()).isEqualTo("a.lan");
    assertThat(waits.get("outages").asInt()).isEqualTo(2);
    assertThat(waits.get("outageSeconds").asInt()).isEqualTo(42);
    assertThat(waits.get("causes"))
        .extracting(JsonNode::asString)
        .containsExactly("429 of it", "refused");
    assertThat(report().get("waits").size()).isEqualTo(1);
  }

  private static RunEvent waiting(String cause, int seconds, Wait.Kind kind) {
    return new RunEvent.Waiting(new Wait("a.lan", cause, Duration.ofSeconds(seconds), kind));
  }

  private OutcomeFiles outcome() throws IOException {
    return outcome(false);
  }

  private OutcomeFiles outcome(boolean oneWhole) throws IOException {
    OutcomeFiles files = outcome(Optional.of(folder.resolve("report.json")));
    files.begin(
        List.of(A, B), Optional.of(FailedList.unlocked(folder.resolve("failed.txt"))), oneWhole);
    return files;
  }

  private static OutcomeFiles outcome(Optional<Path> report) throws IOException {
    return new OutcomeFiles(
        new RunRecorder("0.1.0", "sync", Instant.EPOCH),
        report.stream()
            .map(file -> ReportFile.unlocked(file, new JsonReport(Setting::id)))
            .toList(),
        Setting::id);
  }

  private JsonNode report() throws IOException {
    return Json.parse(Files.readAllBytes(folder.resolve("report.json")), "the report");
  }

  private static ImageResult settled(ImageRequest request) {
    return new ImageResult.Builder(request, io.mirrorimages.mirror.Status.COPIED)
        .bytes(10)
        .duration(java.time.Duration.ofSeconds(1))
        .build();
  }

  private static ImageRequest request(String name) {
    return new ImageRequest(Reference.parse(name), Reference.parse(name));
  }
}
