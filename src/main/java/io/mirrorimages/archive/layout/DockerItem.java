package io.mirrorimages.archive.layout;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.JsonKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * An image in the {@code manifest.json} of a docker archive (moby, image/tarexport).
 *
 * @param config the path of its config
 * @param tags its names, as they are written; empty if it was saved by its id
 * @param layers the paths of its layers, lowest first
 */
public record DockerItem(String config, List<String> tags, List<String> layers) {
  private static final JsonKeys KEYS =
      JsonKeys.of("Config", "RepoTags", "Layers", "Parent", "LayerSources");
  private static final int LARGEST = 512 * 1024;

  /** Copies the lists. */
  public DockerItem {
    tags = List.copyOf(tags);
    layers = List.copyOf(layers);
  }

  /** Receives items one after the other. */
  @FunctionalInterface
  public interface ItemVisitor {
    /** Looks at one. */
    void visit(DockerItem item) throws IOException;
  }

  /**
   * Reads a list of them, in its order; no more than one is kept.
   *
   * @throws InvalidContentException if the bytes are no such list
   */
  public static void visit(byte[] bytes, ItemVisitor visitor) throws IOException {
    try (JsonParser json = Json.parser(bytes, LayoutNames.DOCKER_MANIFEST)) {
      require(json.nextToken() == JsonToken.START_ARRAY, "is no list");
      while (json.nextToken() != JsonToken.END_ARRAY) {
        visitor.visit(of(Json.element(json, bytes, LARGEST, LayoutNames.DOCKER_MANIFEST)));
      }
      require(json.nextToken() == null, "has more than one JSON document");
    } catch (JacksonException e) {
      throw Json.malformed(LayoutNames.DOCKER_MANIFEST, e);
    }
  }

  private static DockerItem of(JsonNode item) {
    KEYS.check(item, LayoutNames.DOCKER_MANIFEST);
    return new DockerItem(
        item.path("Config").asString(""), texts(item, "RepoTags"), texts(item, "Layers"));
  }

  private static List<String> texts(JsonNode item, String key) {
    List<String> texts = new ArrayList<>();
    item.path(key).forEach(text -> texts.add(text.asString("")));
    return texts;
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new InvalidContentException(LayoutNames.DOCKER_MANIFEST + " " + problem);
    }
  }
}
