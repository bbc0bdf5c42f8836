package io.mirrorimages.report.line;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.ReportNodes;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events for programs: a JSON object a line, with {@code time}, {@code event} (the kind), and the
 * fields that {@code reports.md} documents. Fields are added, and never change their meaning. What
 * comes in very large numbers, as bytes, is summed up by {@code progress} and has no line.
 */
public final class EventJson implements EventFormat {
  private final SettingNames naming;
  private final ReportNodes nodes;
  private final Clock clock;

  /**
   * By this machine's clock.
   *
   * @param naming how the reader gives a setting that a message advises
   */
  public EventJson(SettingNames naming) {
    this(naming, Clock.systemUTC());
  }

  EventJson(SettingNames naming, Clock clock) {
    this.naming = naming;
    this.nodes = new ReportNodes(naming);
    this.clock = clock;
  }

  @Override
  public List<String> lines(RunEvent event) {
    String kind = kind(event);
    if (kind.isEmpty()) {
      return List.of();
    }
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("event", kind);
    fill(line, event);
    return List.of(Json.MAPPER.writeValueAsString(line));
  }

  /** The name of an event's kind; empty if it has no line. */
  private static String kind(RunEvent event) {
    return switch (event) {
      case RunEvent.BlobRead _,
          RunEvent.BlobAdvanced _,
          RunEvent.StepsAdded _,
          RunEvent.StepEnded _,
          RunEvent.UnpackingAdvanced _ ->
          "";
      case RunEvent.RunStarted _ -> "run-started";
      case RunEvent.PullsForeseen _ -> "pulls";
      case RunEvent.PlanMade _ -> "plan";
      case RunEvent.ImagePlanned _ -> "image-planned";
      case RunEvent.ImageStarted _ -> "image-started";
      case RunEvent.ImageEnded _ -> "image-ended";
      case RunEvent.BlobStarted _ -> "blob-started";
      case RunEvent.BlobEnded _ -> "blob-ended";
      case RunEvent.Waiting _ -> "waiting";
      case RunEvent.Retrying _ -> "retrying";
      case RunEvent.EndpointSkipped _ -> "endpoint-skipped";
      case RunEvent.ProjectCreated _ -> "project-created";
      case RunEvent.Unpacking _ -> "unpacking";
      case RunEvent.Note _ -> "note";
      case RunEvent.Hint _ -> "hint";
      case RunEvent.Progressed _ -> "progress";
      case RunEvent.Interrupted _ -> "interrupted";
      case RunEvent.ImagesEnded _ -> "images-ended";
      case RunEvent.RunEnded _ -> "run-ended";
    };
  }

  private void fill(ObjectNode line, RunEvent event) {
    switch (event) {
      case RunEvent.RunStarted started -> {
        line.put("command", started.command());
        line.put("images", started.images());
      }
      case RunEvent.PullsForeseen foreseen -> line.setAll(ReportNodes.place(foreseen.forecast()));
      case RunEvent.PlanMade made -> plan(line, made.plan());
      case RunEvent.ImagePlanned(PlannedImage image) -> planned(line, image);
      case RunEvent.ImageStarted started -> {
        line.put("source", started.request().source().toString());
        line.put("target", started.request().target().toString());
      }
      case RunEvent.ImageEnded end -> line.setAll(nodes.image(end.result()));
      case RunEvent.BlobStarted started -> {
        line.put("digest", started.blob().digest().toString());
        line.put("size", started.blob().size());
        line.put("repository", started.target().toString());
      }
      case RunEvent.BlobEnded end -> {
        line.put("digest", end.blob().digest().toString());
        line.put("size", end.blob().size());
        line.put("repository", end.target().toString());
        line.put("bytes", end.bytes());
        line.put("arrived", end.arrived());
      }
      case RunEvent.Waiting(Wait wait) -> {
        line.put("registry", words(wait.registry()));
        line.put("kind", wait.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        line.put("cause", words(wait.cause()));
        line.put("seconds", seconds(wait.time()));
      }
      case RunEvent.Retrying retrying -> {
        line.put("retry", retrying.retry());
        line.put("pauseSeconds", seconds(retrying.pause()));
        line.put("message", words(retrying.failure()));
      }
      case RunEvent.EndpointSkipped skipped -> {
        line.put("endpoint", words(skipped.endpoint()));
        line.put("content", words(skipped.content()));
        line.put("message", words(skipped.reason()));
      }
      case RunEvent.ProjectCreated created -> {
        line.put("project", words(created.name()));
        line.put("message", words(created.text()));
      }
      case RunEvent.Unpacking unpacking -> {
        line.put("archive", words(unpacking.archive()));
        line.put("copy", words(unpacking.copy()));
        line.put("bytes", unpacking.bytes());
        line.put("size", unpacking.size());
      }
      case RunEvent.Note note -> line.put("message", words(note.text()));
      case RunEvent.Hint hint -> line.put("message", words(hint.text()));
      case RunEvent.Interrupted stop -> line.put("message", words(stop.text()));
      case RunEvent.Progressed progress -> progress(line, progress);
      case RunEvent.ImagesEnded end -> {
        line.setAll(ReportNodes.summary(end.images()));
        line.put("seconds", seconds(end.time()));
        ArrayNode closing = line.putArray("closing");
        end.closing().forEach(text -> closing.add(words(text)));
      }
      case RunEvent.RunEnded end -> {
        line.put("exitCode", end.exitCode());
        line.put("reason", end.failure().map(f -> f.reason().label()).orElse(null));
        line.put("message", end.failure().map(Failure::message).map(this::words).orElse(null));
      }
      case RunEvent.BlobRead _,
          RunEvent.BlobAdvanced _,
          RunEvent.StepsAdded _,
          RunEvent.StepEnded _,
          RunEvent.UnpackingAdvanced _ -> {
        // No line.
      }
    }
  }

  private static void plan(ObjectNode line, Plan plan) {
    line.put("images", plan.images().size());
    line.put(
        "unchanged", plan.settled().stream().filter(r -> r.status() == Status.UNCHANGED).count());
    line.put("blobs", plan.totals().blobs());
    line.put("bytes", plan.totals().toMove());
    line.put("sharedBytes", plan.totals().shared());
    line.put("presentBytes", plan.totals().atTarget());
  }

  private static void planned(ObjectNode line, PlannedImage image) {
    line.put("source", image.request().source().toString());
    line.put("target", image.request().target().toString());
    line.put("digest", image.top().digest().toString());
    line.put("bytes", image.blobs().stream().mapToLong(Descriptor::size).sum());
    line.put("replacedDigest", image.replaced().map(Digest::toString).orElse(null));
  }

  private static void progress(ObjectNode line, RunEvent.Progressed progress) {
    line.put("ended", progress.ended());
    line.put("images", progress.images());
    line.put("bytes", progress.bytes());
    line.put("totalBytes", progress.total());
    line.put("bytesPerSecond", progress.rate());
    line.put("secondsLeft", progress.left().map(Duration::toSeconds).orElse(null));
    line.put("standstillSeconds", progress.standstill().toSeconds());
  }

  private String words(String text) {
    return Text.line(Setting.named(text, naming));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
