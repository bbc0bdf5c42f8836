package io.mirrorimages.archive.format.hangar;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.JsonKeys;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The {@code index.json} of hangar (pkg/hangar/archive/index.go, version 1.2): its images in their
 * order. hangar sync may list a name again; as when hangar loads such an archive, the name has the
 * platforms of all of these, and the last one of a platform counts.
 */
final class HangarIndex {
  private static final Pattern VERSION = Pattern.compile("v?1\\.([0-9]{1,4})\\..*");
  private static final int LEAST_MINOR = 2;
  private static final JsonKeys TOP = JsonKeys.of("list", "version", "time");
  private static final JsonKeys ITEM = JsonKeys.of("source", "tag", "archList", "osList", "images");
  private static final JsonKeys IMAGE =
      JsonKeys.of(
          "arch",
          "os",
          "osVersion",
          "osFeatures",
          "variant",
          "mediaType",
          "layers",
          "config",
          "digest",
          "annotations");
  private static final String UNKNOWN = "unknown";

  /** By name; in each by platform, attestations by their digest. */
  private final Map<Reference, Map<String, PlatformImage>> images = new LinkedHashMap<>();

  private HangarIndex() {}

  /**
   * A manifest of an image.
   *
   * @param spec its object in the index
   */
  record PlatformImage(Digest digest, String mediaType, JsonNode spec) {
    String text(String key) {
      return spec.path(key).asString("");
    }

    /** Whether it is for no platform: an attestation of another one. */
    boolean isAttestation() {
      return text("arch").equals(UNKNOWN) && text("os").equals(UNKNOWN);
    }

    private String key() {
      return isAttestation()
          ? digest.toString()
          : String.join(
              " ",
              text("os"),
              text("arch"),
              text("variant"),
              text("osVersion"),
              spec.path("osFeatures").toString());
    }
  }

  /** {@link InvalidContentException} if the bytes are no index of a version that is known. */
  static HangarIndex parse(byte[] bytes) {
    HangarIndex index = new HangarIndex();
    JsonNode json = Json.parse(bytes, HangarView.INDEX);
    TOP.check(json, HangarView.INDEX);
    String version = json.path("version").asString("");
    Matcher known = VERSION.matcher(version);
    if (!known.matches() || Integer.parseInt(known.group(1)) < LEAST_MINOR) {
      throw new InvalidContentException(
          "the version of its index.json is "
              + Text.quote(version)
              + ", and v1.2.0 is needed, which hangar writes from its version 1.7 on");
    }
    for (JsonNode item : json.path("list")) {
      index.add(item);
    }
    return index;
  }

  private void add(JsonNode item) {
    ITEM.check(item, HangarView.INDEX);
    Reference name =
        Reference.parse(item.path("source").asString("") + ":" + item.path("tag").asString(""));
    Map<String, PlatformImage> platforms = images.computeIfAbsent(name, x -> new LinkedHashMap<>());
    for (JsonNode spec : item.path("images")) {
      IMAGE.check(spec, HangarView.INDEX);
      PlatformImage image =
          new PlatformImage(
              Digest.parse(spec.path("digest").asString("")),
              spec.path("mediaType").asString(""),
              spec);
      platforms.put(image.key(), image);
    }
  }

  /** All names, in the order in which they come first. */
  Collection<Reference> names() {
    return images.keySet();
  }

  /** The manifests of an image; without attestations of what is not there. */
  List<PlatformImage> of(Reference name) {
    Collection<PlatformImage> all = images.getOrDefault(name, Map.of()).values();
    List<PlatformImage> kept = new ArrayList<>();
    for (PlatformImage image : all) {
      String subject =
          image.spec.path("annotations").path("vnd.docker.reference.digest").asString("");
      if (!image.isAttestation()
          || all.stream().anyMatch(other -> other.digest.toString().equals(subject))) {
        kept.add(image);
      }
    }
    return kept;
  }
}
