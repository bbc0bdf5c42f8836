package io.mirrorimages.report;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ByteCounts;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.Status;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The machine-readable outcome. Its form is documented in {@code reports.md}; {@code schema}
 * changes when a field changes its meaning or goes.
 *
 * @param version of the tool
 * @param command the subcommand
 * @param started when the run began
 * @param naming how the reader of the report gives a setting that a message advises
 */
public record JsonReport(
    String version, String command, Instant started, Function<Setting, String> naming) {
  private static final int SCHEMA = 1;

  /**
   * Writes the report as UTF-8 JSON, image by image: as a tree 100,000 of them would be large.
   *
   * @param pulls the last that was foreseen for each place that counts pulls
   * @param exitCode empty while the run is going on
   * @param out may be closed
   */
  void write(
      Collection<ImageResult> results,
      Collection<PullForecast> pulls,
      OptionalInt exitCode,
      OutputStream out) {
    try (JsonGenerator json = Json.MAPPER.writerWithDefaultPrettyPrinter().createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberProperty("schema", SCHEMA);
      json.writeStringProperty("version", version);
      json.writeStringProperty("command", command);
      json.writeStringProperty("started", started.truncatedTo(ChronoUnit.SECONDS).toString());
      if (exitCode.isPresent()) {
        json.writeStringProperty(
            "finished", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.writeNumberProperty("exitCode", exitCode.getAsInt());
      } else {
        json.writeNullProperty("finished");
        json.writeNullProperty("exitCode");
      }
      json.writeName("summary");
      json.writeTree(summary(results));
      json.writeArrayPropertyStart("pulls");
      for (PullForecast forecast : pulls) {
        json.writeTree(place(forecast));
      }
      json.writeEndArray();
      json.writeArrayPropertyStart("images");
      for (ImageResult result : results) {
        json.writeTree(image(result));
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static ObjectNode summary(Collection<ImageResult> results) {
    ObjectNode summary = Json.MAPPER.createObjectNode();
    summary.put("images", results.size());
    for (Status status : Status.values()) {
      summary.put(status.label(), results.stream().filter(r -> r.status() == status).count());
    }
    summary.put("replaced", results.stream().filter(r -> r.replaced().isPresent()).count());
    summary.put("bytes", results.stream().mapToLong(ImageResult::bytes).sum());
    put(
        summary,
        results.stream().map(ImageResult::counts).reduce(ByteCounts.NONE, ByteCounts::plus));
    return summary;
  }

  private static void put(ObjectNode node, ByteCounts counts) {
    node.put("downloadedBytes", counts.downloaded());
    node.put("uploadedBytes", counts.uploaded());
    node.put("retransmittedBytes", counts.retransmitted());
  }

  private static ObjectNode place(PullForecast forecast) {
    ObjectNode place = Json.MAPPER.createObjectNode();
    RateLimitStatus allowance = forecast.allowance();
    place.put("place", Text.line(allowance.place()));
    place.put("turn", allowance.turn().name().toLowerCase(Locale.ROOT));
    place.put("account", allowance.account().name().toLowerCase(Locale.ROOT));
    place.put("made", allowance.made());
    place.put("needed", forecast.needed());
    place.put("exact", forecast.exact());
    place.put("left", allowance.left());
    place.put("limit", allowance.limit());
    place.put("windowSeconds", allowance.window().toSeconds());
    place.put("seconds", forecast.time().map(Duration::toSeconds).orElse(0L));
    return place;
  }

  private ObjectNode image(ImageResult result) {
    ObjectNode image = Json.MAPPER.createObjectNode();
    image.put("source", result.request().source().toString());
    image.put("target", result.request().target().toString());
    image.put("status", result.status().label());
    image.put("sourceDigest", result.sourceDigest().map(Digest::toString).orElse(null));
    image.put("targetDigest", result.targetDigest().map(Digest::toString).orElse(null));
    image.put("replacedDigest", result.replaced().map(Digest::toString).orElse(null));
    image.put("bytes", result.bytes());
    put(image, result.counts());
    image.put("seconds", result.duration().toMillis() / 1000.0);
    image.put("reason", result.reason().map(FailureKind::label).orElse(null));
    image.put("message", Text.line(Setting.named(result.message(), naming)));
    ArrayNode servedBy = image.putArray("servedBy");
    result.provenance().servedBy().forEach(place -> servedBy.add(Text.line(place)));
    ObjectNode passedOver = image.putObject("passedOver");
    result
        .provenance()
        .passedOver()
        .forEach((place, why) -> passedOver.put(Text.line(place), Text.line(why)));
    return image;
  }
}
