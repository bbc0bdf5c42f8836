package io.mirrorimages.report.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.Direction;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.OutcomeFiles;
import io.mirrorimages.report.ReportFile;
import io.mirrorimages.report.RunRecorder;
import io.mirrorimages.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class MetricsTextTest {
  private static final String LABELS = "{command=sync, task=rancher}";
  private static final Path ALERTS = Path.of("src/site/resources/monitoring/alerts.yml");
  private static final Path DASHBOARD = Path.of("src/site/resources/monitoring/dashboard.json");
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);
  private static final ImageRequest A = request("rancher/a:1");
  private static final ImageRequest B = request("rancher/b:1");

  @TempDir private Path folder;

  @Test
  void aRunThatDoesAllIsASuccess() throws IOException {
    run(0, List.of(result(A, Status.COPIED), result(B, Status.UNCHANGED)));

    Exposition metrics = metrics();
    assertThat(metrics.value("mirror_images_last_run_start_timestamp_seconds" + LABELS))
        .isEqualTo(START.getEpochSecond());
    assertThat(metrics.value("mirror_images_last_run_exit_code" + LABELS)).isZero();
    assertThat(metrics.value("mirror_images_last_run_end_timestamp_seconds" + LABELS))
        .isEqualTo(metrics.value("mirror_images_last_success_timestamp_seconds" + LABELS))
        .isGreaterThan(START.getEpochSecond());
    assertThat(images(metrics, "copied")).isEqualTo(1);
    assertThat(images(metrics, "unchanged")).isEqualTo(1);
    assertThat(images(metrics, "failed")).isZero();
    assertThat(metrics.value("mirror_images_build_info{command=sync, task=rancher, version=0.1.0}"))
        .isEqualTo(1);
  }

  @Test
  void failedAndKilledRunsKeepTheTimeOfTheLastSuccess() throws IOException {
    String success = "mirror_images_last_success_timestamp_seconds" + LABELS;
    run(0, List.of(result(A, Status.COPIED)));
    // As if it had been long ago.
    Path file = folder.resolve("rancher.prom");
    Files.writeString(
        file,
        Files.readString(file)
            .replaceAll("(last_success_timestamp_seconds\\{.*}) [0-9]+", "$1 1600000000"));

    run(3, List.of(failed(A)));
    assertThat(metrics().value(success)).isEqualTo(1_600_000_000);
    assertThat(metrics().value("mirror_images_last_run_exit_code" + LABELS)).isEqualTo(3);

    begin();
    assertThat(metrics().value(success)).isEqualTo(1_600_000_000);
    assertThat(metrics().value("mirror_images_last_run_exit_code" + LABELS)).isEqualTo(3);
    assertThat(images(metrics(), "unfinished")).isEqualTo(2);

    run(0, List.of(result(A, Status.UNCHANGED)));
    assertThat(metrics().value(success)).isGreaterThan(1_700_000_000);
  }

  @Test
  void theFirstRunHasNoEndUntilItEnds() throws IOException {
    begin();

    assertThat(metrics().types())
        .containsKey("mirror_images_last_run_start_timestamp_seconds")
        .doesNotContainKeys(
            "mirror_images_last_run_end_timestamp_seconds",
            "mirror_images_last_run_exit_code",
            "mirror_images_last_success_timestamp_seconds");
  }

  @Test
  void countersGoOnFromRunToRun() throws IOException {
    for (int i = 1; i <= 2; i++) {
      OutcomeFiles files = begin();
      files.on(advanced(Direction.DOWNLOADED, 1000));
      files.on(advanced(Direction.UPLOADED, 900));
      files.on(advanced(Direction.RETRANSMITTED, 7));
      files.on(new RunEvent.Retrying(1, Duration.ofSeconds(1), "reset"));
      files.on(waiting(Wait.Kind.LIMIT, 7000));
      files.on(waiting(Wait.Kind.OUTAGE, 900_000));
      files.on(waiting(Wait.Kind.BACK, 2250));
      // What fails as a whole has moved its bytes all the same.
      files.finish(List.of(failed(A), failed(B)), 3);

      Exposition metrics = metrics();
      assertThat(bytes(metrics, "downloaded")).isEqualTo(1000 * i);
      assertThat(bytes(metrics, "uploaded")).isEqualTo(900 * i);
      assertThat(bytes(metrics, "retransmitted")).isEqualTo(7 * i);
      assertThat(metrics.value("mirror_images_retries_total" + LABELS)).isEqualTo(i);
      assertThat(waits(metrics, "limit")).isEqualTo(i);
      assertThat(waits(metrics, "outage")).isEqualTo(i);
      assertThat(metrics.value("mirror_images_outage_seconds_total" + LABELS)).isEqualTo(2.25 * i);
    }
  }

  @Test
  void aDamagedFileOfAnEarlierRunIsNoHindrance() throws IOException {
    run(0, List.of(result(A, Status.COPIED)));
    Path file = folder.resolve("rancher.prom");
    String whole = Files.readString(file);
    String series = "mirror_images_retries_total{command=\"sync\",task=\"rancher\"} ";
    for (String value :
        List.of("NaN", "-3", "+Inf", "1e999", "", "4 1700000000", "9".repeat(400))) {
      Files.writeString(file, whole.replace(series + "0", series + value));
      run(1, List.of(failed(A)));
      assertThat(metrics().value("mirror_images_retries_total" + LABELS)).as(value).isZero();
    }
    for (int length = whole.indexOf('\n') + 1; length < whole.length(); length += 13) {
      Files.writeString(file, whole.substring(0, length));
      run(1, List.of(failed(A)));
      assertThat(metrics().samples()).isNotEmpty();
    }
  }

  @Test
  void onlyTheMetricsOfTheSameCommandAreReplaced() throws IOException {
    Path file = folder.resolve("rancher.prom");
    run(0, List.of(result(A, Status.COPIED)));
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(() -> take("verify", file))
        .hasMessage(
            file
                + " exists and is no verify metrics file of an earlier run, and is not replaced:"
                + " name another file with {setting metrics}");
    assertThat(file).hasBinaryContent(before);

    Files.writeString(file, "# HELP up Of somebody else.\n# TYPE up gauge\nup 1\n");
    assertThatThrownBy(() -> take("sync", file)).isInstanceOf(TransferException.class);
    assertThat(file).content().contains("somebody else");
  }

  @Test
  void metricsThatCannotBeReplacedStay() throws IOException {
    run(0, List.of(result(A, Status.COPIED)));
    Path file = folder.resolve("rancher.prom");
    byte[] before = Files.readAllBytes(file);
    OutcomeFiles files = begin();
    byte[] begun = Files.readAllBytes(file);
    Files.delete(file);
    Files.createDirectories(file.resolve("in the way"));

    assertThatThrownBy(() -> files.finish(List.of(failed(A)), 1))
        .hasMessageStartingWith("the sync metrics file " + file + " (");
    assertThat(begun).isNotEqualTo(before);
    assertThat(file.resolve("in the way")).exists();
  }

  @Test
  void aNameOfAnyKindIsOneLabelAndHasNoSecret() throws IOException {
    Secrets.add("a-password-of-MetricsTextTest");
    String name = "a\"b\\c\nd 镜像 a-password-of-MetricsTextTest";
    Path file = folder.resolve(name + ".prom");
    try (ReportFile taken = take("save", file)) {
      new OutcomeFiles(new RunRecorder("0.1.0", "save", START), List.of(taken), Setting::id)
          .end(
              3,
              Optional.of(
                  new Failure(FailureKind.DENIED, "a-password-of-MetricsTextTest refused")));
    }

    String text = Files.readString(file);
    assertThat(text).doesNotContain("a-password").doesNotContain("refused");
    assertThat(Exposition.parse(text).types()).isNotEmpty();
    assertThat(text).contains("task=\"a\\\"b\\\\c\\\\u000ad 镜像 ");
  }

  /** What the alerts and the dashboard ask for is what is written. */
  @Test
  void alertsAndDashboardNameMetricsAndLabelsThatExist() throws IOException {
    run(0, List.of(result(A, Status.COPIED)));
    Exposition metrics = metrics();
    for (Path file : List.of(ALERTS, DASHBOARD)) {
      List<String> names =
          Pattern.compile("\\bmirror_images_\\w+")
              .matcher(Files.readString(file))
              .results()
              .map(name -> name.group())
              .distinct()
              .toList();
      assertThat(names).as(file.toString()).hasSizeGreaterThan(2);
      assertThat(metrics.types().keySet()).as(file.toString()).containsAll(names);
    }
    String page = Files.readString(Path.of("src/site/markdown/monitoring.md"));
    assertThat(metrics.types().keySet()).allMatch(name -> page.contains("`" + name));
  }

  @Test
  void theDashboardIsWhole() throws IOException {
    JsonNode dashboard = Json.parse(Files.readAllBytes(DASHBOARD), "the dashboard");
    Set<Integer> ids = new HashSet<>();
    Set<List<Integer>> places = new HashSet<>();
    for (JsonNode panel : dashboard.get("panels")) {
      JsonNode place = panel.get("gridPos");
      assertThat(ids.add(panel.get("id").asInt())).isTrue();
      assertThat(places.add(List.of(place.get("x").asInt(), place.get("y").asInt()))).isTrue();
      assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
      assertThat(panel.get("title").asString()).isNotBlank();
      assertThat(panel.get("targets").size()).isPositive();
    }
    assertThat(ids).hasSizeGreaterThan(5);
    assertThat(queries(dashboard)).allMatch(query -> query.contains("task=~\"$task\""));
  }

  private static List<String> queries(JsonNode dashboard) {
    return dashboard.findValues("expr").stream().map(JsonNode::asString).toList();
  }

  /** Where Debian's package prometheus is installed. */
  @Test
  void promtoolAgrees() throws Exception {
    run(0, List.of(result(A, Status.COPIED)));
    Optional<Path> promtool =
        Stream.of(System.getenv("PATH").split(":"))
            .map(place -> Path.of(place, "promtool"))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(promtool.isPresent(), "no promtool");
    String tool = promtool.get().toString();
    check(folder.resolve("rancher.prom"), tool, "check", "metrics");
    Path none = Path.of("/dev/null");
    check(none, tool, "check", "rules", ALERTS.toString());
    check(none, tool, "test", "rules", "src/test/resources/monitoring/alerts-test.yml");
    StringBuilder rules = new StringBuilder("groups:\n- name: queries\n  rules:\n");
    for (String query : queries(Json.parse(Files.readAllBytes(DASHBOARD), "the dashboard"))) {
      rules.append("  - record: a").append(rules.length()).append("\n    expr: '");
      rules.append(query).append("'\n");
    }
    Path queries = Files.writeString(folder.resolve("queries.yml"), rules);
    check(none, tool, "check", "rules", queries.toString());
  }

  private void check(Path input, String... command) throws Exception {
    Path said = folder.resolve("promtool.log");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    assertThat(said).content().doesNotContain("metric names should", "should not");
  }

  private void run(int exitCode, List<ImageResult> results) throws IOException {
    begin().finish(results, exitCode);
  }

  /** A run that has begun, and is killed unless it is finished. */
  private OutcomeFiles begin() throws IOException {
    Path file = folder.resolve("rancher.prom");
    try (ReportFile taken = take("sync", file)) {
      OutcomeFiles files =
          new OutcomeFiles(new RunRecorder("0.1.0", "sync", START), List.of(taken), Setting::id);
      files.begin(List.of(A, B), Optional.empty(), false);
      return files;
    }
  }

  private static ReportFile take(String command, Path file) throws IOException {
    return ReportFile.take(file, MetricsText.of(command, file));
  }

  private Exposition metrics() throws IOException {
    return Exposition.parse(Files.readString(folder.resolve("rancher.prom")));
  }

  private static Double images(Exposition metrics, String status) {
    return metrics.value(
        "mirror_images_last_run_images{command=sync, status=" + status + ", task=rancher}");
  }

  private static Double bytes(Exposition metrics, String direction) {
    return metrics.value(
        "mirror_images_transferred_bytes_total{command=sync, direction="
            + direction
            + ", task=rancher}");
  }

  private static Double waits(Exposition metrics, String reason) {
    return metrics.value(
        "mirror_images_waits_total{command=sync, reason=" + reason + ", task=rancher}");
  }

  private static RunEvent advanced(Direction direction, long bytes) {
    return new RunEvent.BlobAdvanced(Digest.sha256(new byte[0]), direction, bytes);
  }

  private static RunEvent waiting(Wait.Kind kind, int millis) {
    return new RunEvent.Waiting(new Wait("a.lan", "busy", Duration.ofMillis(millis), kind));
  }

  private static ImageResult failed(ImageRequest request) {
    return ImageResult.failed(
        request, Optional.empty(), new TransferException(FailureKind.NETWORK, "reset"));
  }

  private static ImageResult result(ImageRequest request, Status status) {
    return new ImageResult.Builder(request, status).build();
  }

  private static ImageRequest request(String name) {
    return new ImageRequest(Reference.parse(name), Reference.parse(name));
  }
}
