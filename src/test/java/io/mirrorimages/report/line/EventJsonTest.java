package io.mirrorimages.report.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.Direction;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.Phase;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EventJsonTest {
  private static final ImageRequest REQUEST =
      new ImageRequest(Reference.parse("a.lan/b:1"), Reference.parse("c.lan/b:1"));
  private static final Digest DIGEST = Digest.sha256(new byte[0]);
  private static final Descriptor BLOB = new Descriptor("application/octet-stream", DIGEST, 5);
  private static final Repository TARGET = new Repository("c.lan", "b");
  private static final ImageResult FAILED =
      new ImageResult.Builder(REQUEST, Status.FAILED)
          .reason(Optional.of(FailureKind.MISSING))
          .message("add " + Setting.LIST)
          .build();

  private static final PlannedImage PLANNED =
      new PlannedImage(
          REQUEST, DIGEST, List.of(new TestImages().image(TestImages.AMD64)), Set.of());

  /** One of each kind. */
  private static final List<RunEvent> EVENTS =
      List.of(
          new RunEvent.RunStarted("save", 3),
          new RunEvent.PullsForeseen(
              new PullForecast(
                  new RateLimitStatus(
                      "docker.io",
                      RateLimitStatus.Turn.ONLY,
                      RateLimitStatus.Account.ADDRESS,
                      100,
                      Duration.ofHours(6),
                      98,
                      2),
                  2,
                  true)),
          new RunEvent.StepsAdded(Phase.TAGS, 3),
          new RunEvent.StepEnded(Phase.TAGS),
          new RunEvent.PlanMade(new Plan(List.of(), List.of(), new Plan.Totals(1, 2, 3, 4, 5))),
          new RunEvent.ImagePlanned(PLANNED),
          new RunEvent.ImageStarted(REQUEST),
          new RunEvent.ImageEnded(FAILED),
          new RunEvent.BlobStarted(BLOB, TARGET),
          new RunEvent.BlobEnded(BLOB, TARGET, 5, true),
          new RunEvent.BlobRead(DIGEST, 0, 5),
          new RunEvent.BlobAdvanced(DIGEST, Direction.DOWNLOADED, 5),
          new RunEvent.Waiting(new Wait("a.lan", "so", Duration.ofSeconds(2), Wait.Kind.GIVEN_UP)),
          new RunEvent.Retrying(1, Duration.ofMillis(1500), "reset"),
          new RunEvent.EndpointSkipped("http://m.lan", "a.lan/b:1", "404"),
          new RunEvent.ProjectCreated("rancher", "created"),
          new RunEvent.Unpacking("a.tar.gz", "/w/a.tar.gz.unpacked-0", 5, 10),
          new RunEvent.UnpackingAdvanced("a.tar.gz", 6, 10),
          new RunEvent.Note("a note"),
          new RunEvent.Hint("a\nhint"),
          new RunEvent.Progressed(1, 3, 5, 10, 2, Optional.empty(), Duration.ZERO),
          new RunEvent.Interrupted("run it again"),
          new RunEvent.ImagesEnded(List.of(FAILED), Duration.ofSeconds(1), List.of("next")),
          new RunEvent.RunEnded(1, Optional.of(new Failure(FailureKind.SPACE, "full"))),
          new RunEvent.RunEnded(0, Optional.empty()));

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (.*) \\|$");
  private static final Pattern FIELD =
      Pattern.compile("`(\\w+)` (string|number|boolean|array|object)(\\??)");

  private final EventJson json =
      new EventJson(
          setting -> "--" + setting.id(),
          Clock.fixed(Instant.parse("2026-01-31T21:00:00.123456Z"), ZoneOffset.UTC));

  private List<JsonNode> nodes(RunEvent event) {
    return json.lines(event).stream()
        .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8), "a line"))
        .toList();
  }

  @Test
  void thereIsASampleOfEachKind() {
    assertThat(EVENTS.stream().map(RunEvent::getClass).collect(Collectors.toSet()))
        .isEqualTo(Set.of(RunEvent.class.getPermittedSubclasses()));
  }

  @Test
  void eachLineIsOneObjectWithTheFieldsAndTypesOfTheDocument() throws IOException {
    Map<String, Map<String, MatchResult>> documented = documented();
    Map<String, Integer> met = new TreeMap<>();
    for (RunEvent event : EVENTS) {
      for (JsonNode node : nodes(event)) {
        String kind = node.get("event").asString();
        assertThat(node.get("time").asString()).isEqualTo("2026-01-31T21:00:00.123Z");
        assertThat(documented).containsKey(kind);
        assertSame(node, kind, documented.get(kind));
        met.merge(kind, 1, Integer::sum);
      }
    }
    assertThat(met.keySet()).isEqualTo(documented.keySet());
  }

  private static void assertSame(JsonNode node, String kind, Map<String, MatchResult> fields) {
    assertThat(
            node.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !name.equals("time") && !name.equals("event")))
        .as(kind)
        .containsExactlyInAnyOrderElementsOf(fields.keySet());
    fields.forEach(
        (name, field) -> {
          JsonNode value = node.get(name);
          String type = value.getNodeType().name().toLowerCase(Locale.ROOT);
          boolean allowed =
              value.isNull() ? !field.group(3).isEmpty() : type.equals(field.group(2));
          assertThat(allowed).as(kind + "." + name + " is " + type).isTrue();
        });
  }

  /** The fields of each kind by the table in the document. */
  private static Map<String, Map<String, MatchResult>> documented() throws IOException {
    String page = Files.readString(Path.of("src/site/markdown/reports.md"));
    Map<String, Map<String, MatchResult>> all = new TreeMap<>();
    Matcher rows =
        ROW.matcher(page.substring(page.indexOf("## Logs"), page.indexOf("## The JSON")));
    while (rows.find()) {
      all.put(
          rows.group(1),
          FIELD
              .matcher(rows.group(2))
              .results()
              .collect(Collectors.toMap(field -> field.group(1), field -> field)));
    }
    return all;
  }

  @Test
  void reasonsAreThoseOfTheReportAndSettingsAreNamedAsTheReaderGivesThem() {
    JsonNode image = nodes(new RunEvent.ImageEnded(FAILED)).getFirst();
    assertThat(image.get("reason").asString()).isEqualTo("missing");
    assertThat(image.get("message").asString()).isEqualTo("add --list");
  }
}
