package io.mirrorimages.archive.write;

import io.mirrorimages.archive.design.Stages;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A plan as lines of JSON, and back: a line with the key, a line per image, a line with the totals,
 * and one with the digest of these lines. Manifests are kept as their exact bytes, so that the run
 * that goes on asks the source for none of them again.
 *
 * @param key what the plan was made for
 * @param plan the plan
 * @param replaces whether the archive is to replace a finished one
 * @param stages in which stages the images of the plan get their places
 */
record JournalPlan(String key, Plan plan, boolean replaces, Stages stages) {
  /** Earlier ones knew one stage only. */
  private static final int VERSION = 2;

  private static final String SUM = "sum";

  /** Writes it line by line; {@code out} is not closed. */
  void write(Writer out) throws IOException {
    Sum sum = new Sum();
    ObjectNode head = Json.MAPPER.createObjectNode();
    head.put("journal", VERSION);
    head.put("key", key);
    head.put("replaces", replaces);
    line(head, out, sum);
    for (PlannedImage image : plan.images()) {
      line(write(image), out, sum);
    }
    for (ImageResult result : plan.settled()) {
      line(write(result), out, sum);
    }
    ObjectNode end = Json.MAPPER.createObjectNode();
    end.put("images", plan.images().size());
    end.put("blobs", plan.totals().blobs());
    end.put("mentioned", plan.totals().mentioned());
    end.put("shared", plan.totals().shared());
    end.put("toMove", plan.totals().toMove());
    end.put("room", stages.room());
    ArrayNode counts = end.putArray("stages");
    stages.images().forEach(counts::add);
    line(end, out, sum);
    ObjectNode last = Json.MAPPER.createObjectNode();
    last.put(SUM, sum.text());
    line(last, out, sum);
  }

  private static void line(ObjectNode node, Writer out, Sum sum) throws IOException {
    String line = Json.MAPPER.writeValueAsString(node);
    sum.add(line);
    out.write(line);
    out.write('\n');
  }

  /** Whether there is a whole plan, of this version, as it was written. */
  static boolean isWhole(BufferedReader lines) throws IOException {
    String first = lines.readLine();
    int version = first == null ? 0 : parse(first).path("journal").asInt(0);
    if (version < 1 || version > VERSION) {
      return false;
    }
    Sum sum = new Sum();
    for (String line = first; line != null; line = lines.readLine()) {
      if (isSum(line)) {
        return parse(line).path(SUM).asString("").equals(sum.text());
      }
      sum.add(line);
    }
    return false;
  }

  private static boolean isSum(String line) {
    return line.startsWith("{\"" + SUM + "\"");
  }

  /** Reads up to the end of the plan, which {@link #isWhole is whole}. */
  static JournalPlan read(BufferedReader lines) throws IOException {
    JsonNode head = parse(lines.readLine());
    List<PlannedImage> images = new ArrayList<>();
    List<ImageResult> settled = new ArrayList<>();
    JsonNode end = head;
    Map<Descriptor, Descriptor> known = new HashMap<>();
    for (String line = lines.readLine(); line != null && !isSum(line); line = lines.readLine()) {
      JsonNode node = parse(line);
      if (node.has("manifests")) {
        images.add(image(node, known));
      } else if (node.has("status")) {
        settled.add(result(node));
      } else {
        end = node;
      }
    }
    return new JournalPlan(
        head.path("key").asString(""),
        new Plan(images, settled, totals(end)),
        head.path("replaces").asBoolean(false),
        stages(end, images.size()));
  }

  private static Stages stages(JsonNode end, int images) {
    List<Integer> counts = new ArrayList<>();
    end.path("stages").forEach(count -> counts.add(count.asInt(0)));
    return counts.isEmpty() ? Stages.one(images) : new Stages(end.path("room").asInt(0), counts);
  }

  /** Tells whether a disk gave back what was written: a name that went bad is still a name. */
  private static final class Sum {
    private final MessageDigest hasher = Digest.sha256(new byte[0]).newHasher();
    private String before = "";

    /** Takes in one more line. */
    void add(String line) {
      hasher.update((before + line).getBytes(StandardCharsets.UTF_8));
      before = "\n";
    }

    /** The digest of all lines; asked for once. */
    String text() {
      return new Digest("sha256", HexFormat.of().formatHex(hasher.digest())).toString();
    }
  }

  private static ObjectNode write(PlannedImage image) {
    ObjectNode node = write(image.request());
    node.put("sourceDigest", image.sourceDigest().toString());
    ArrayNode omitted = node.putArray("omitted");
    image.omitted().stream().map(Digest::toString).sorted().forEach(omitted::add);
    ArrayNode manifests = node.putArray("manifests");
    for (Manifest manifest : image.manifests()) {
      ObjectNode entry = manifests.addObject();
      entry.put("mediaType", manifest.mediaType());
      entry.put("digest", manifest.digest().toString());
      entry.put("bytes", Base64.getEncoder().encodeToString(manifest.bytes()));
    }
    return node;
  }

  private static ObjectNode write(ImageResult result) {
    ObjectNode node = write(result.request());
    node.put("status", result.status().name());
    node.put("sourceDigest", result.sourceDigest().map(Digest::toString).orElse(null));
    node.put("reason", result.reason().map(FailureKind::name).orElse(null));
    node.put("message", result.message());
    return node;
  }

  private static ObjectNode write(ImageRequest request) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("source", request.source().toString());
    node.put("target", request.target().toString());
    return node;
  }

  private static PlannedImage image(JsonNode node, Map<Descriptor, Descriptor> known) {
    List<Manifest> manifests = new ArrayList<>();
    for (JsonNode entry : node.get("manifests")) {
      manifests.add(
          Manifest.parse(
                  Base64.getDecoder().decode(entry.path("bytes").asString("")),
                  entry.path("mediaType").asString(""),
                  Digest.parse(entry.path("digest").asString("")))
              .sharing(descriptor -> known.computeIfAbsent(descriptor, d -> d)));
    }
    Set<Digest> omitted = new HashSet<>();
    node.path("omitted").forEach(digest -> omitted.add(Digest.parse(digest.asString(""))));
    return new PlannedImage(
        request(node), Digest.parse(node.path("sourceDigest").asString("")), manifests, omitted);
  }

  private static ImageResult result(JsonNode node) {
    return new ImageResult.Builder(
            request(node),
            Status.valueOf(node.path("status").asString("").toUpperCase(Locale.ROOT)))
        .sourceDigest(digest(node, "sourceDigest"))
        .reason(Optional.ofNullable(node.path("reason").asString(null)).map(FailureKind::valueOf))
        .message(node.path("message").asString(""))
        .build();
  }

  private static ImageRequest request(JsonNode node) {
    return new ImageRequest(
        Reference.parse(node.path("source").asString("")),
        Reference.parse(node.path("target").asString("")));
  }

  private static Optional<Digest> digest(JsonNode node, String field) {
    return Optional.ofNullable(node.path(field).asString(null)).map(Digest::parse);
  }

  private static Plan.Totals totals(JsonNode node) {
    return new Plan.Totals(
        node.path("blobs").asLong(),
        node.path("mentioned").asLong(),
        node.path("shared").asLong(),
        0,
        node.path("toMove").asLong());
  }

  private static JsonNode parse(String line) {
    try {
      return Json.parse(line.getBytes(StandardCharsets.UTF_8), "the journal");
    } catch (IllegalArgumentException e) {
      throw new InvalidContentException("the journal is damaged", e);
    }
  }
}
