package io.mirrorimages.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What is read from an image's config (OCI image-spec, config.md): claims, unless it was hashed.
 *
 * @param platform what the image runs on
 * @param created when it was built, as the config says it; empty if it does not
 * @param labels its labels, sorted by name
 */
public record ImageConfig(Platform platform, Optional<String> created, Map<String, String> labels) {
  private static final String WHAT = "the image config";

  /** Parses a config document; {@link InvalidContentException} if it is not JSON. */
  public static ImageConfig parse(byte[] bytes) {
    JsonNode root = Json.parse(bytes, WHAT);
    Map<String, String> labels = new TreeMap<>();
    root.path("config")
        .path("Labels")
        .forEachEntry((name, value) -> labels.put(name, value.asString("")));
    return new ImageConfig(
        ManifestView.platform(root),
        Optional.of(root.path("created").asString("")).filter(text -> !text.isEmpty()),
        labels);
  }

  /**
   * The digests of the image's layers as plain tars, lowest first; {@link InvalidContentException}
   * if the document is not JSON, or has one that is none.
   */
  public static List<Digest> diffIds(byte[] bytes) {
    List<Digest> diffIds = new ArrayList<>();
    Json.parse(bytes, WHAT)
        .path("rootfs")
        .path("diff_ids")
        .forEach(id -> diffIds.add(Digest.parse(id.asString(""))));
    return diffIds;
  }

  /**
   * The platform named in the config document {@code bytes}; {@link InvalidContentException} if it
   * is not JSON.
   */
  public static Platform platform(byte[] bytes) {
    return ManifestView.platform(Json.parse(bytes, WHAT));
  }
}
