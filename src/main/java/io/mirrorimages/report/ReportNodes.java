package io.mirrorimages.report;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ByteCounts;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.Status;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parts of the JSON report that other JSON output has too, with the same fields and words.
 * Immutable.
 *
 * @param naming how the reader gives a setting that a message advises
 */
public record ReportNodes(SettingNames naming) {
  /** How many images came to which end, and what was moved for them. */
  public static ObjectNode summary(List<ImageResult> results) {
    ObjectNode summary = Json.MAPPER.createObjectNode();
    summary.put("images", results.size());
    for (Status status : Status.values()) {
      summary.put(status.label(), results.stream().filter(r -> r.status() == status).count());
    }
    summary.put("kept", results.stream().filter(ImageResult::kept).count());
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

  /** What is to be pulled from a place that counts it. */
  public static ObjectNode place(PullForecast forecast) {
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

  /** An image, and what became of it. */
  public ObjectNode image(ImageResult result) {
    ObjectNode image = Json.MAPPER.createObjectNode();
    image.put("source", result.request().source().toString());
    image.put("target", result.request().target().toString());
    image.put("status", result.status().label());
    image.put("kept", result.kept());
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
