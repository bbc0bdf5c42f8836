package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/**
 * The JSON files of an archive. Written as a stream: a tree of 100,000 images would be the largest
 * thing in memory.
 */
public final class LayoutJson {
  private LayoutJson() {}

  /**
   * An entry of an index.
   *
   * @param name empty for an image without one
   * @param top its manifest or index
   */
  public record IndexEntry(Optional<Reference> name, Descriptor top) {}

  /** {@code oci-layout} (OCI image-spec, image-layout.md). */
  public static JsonText layout() {
    return out -> {
      try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
        json.writeStartObject();
        json.writeStringProperty("imageLayoutVersion", "1.0.0");
        json.writeEndObject();
      }
    };
  }

  /**
   * {@code index.json}: one descriptor per name, with the name as containerd and skopeo read it.
   */
  public static JsonText index(List<NamedImage> images) {
    Set<Reference> seen = new HashSet<>();
    return entries(
        images.stream()
            .filter(image -> seen.add(image.name()))
            .map(
                image ->
                    new IndexEntry(Optional.of(image.name()), image.image().top().descriptor()))
            .toList());
  }

  /** As {@link #index}, of entries that may have no name. */
  public static JsonText entries(List<IndexEntry> entries) {
    return out -> {
      try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
        json.writeStartObject();
        json.writeNumberProperty("schemaVersion", 2);
        json.writeStringProperty("mediaType", MediaTypes.OCI_INDEX);
        json.writeArrayPropertyStart("manifests");
        for (IndexEntry entry : entries) {
          writeEntry(json, entry.name(), entry.top());
        }
        json.writeEndArray();
        json.writeEndObject();
      }
    };
  }

  /**
   * {@code manifest.json}, the list of a docker archive, for {@code docker load} and for RKE2's
   * search of its runtime image: every tagged container image whose layers are all there, one
   * platform each. What is not for linux comes last: docker gives up at the first image of another
   * system than its own.
   *
   * @param stored the blobs that the file has
   */
  public static JsonText dockerManifest(List<NamedImage> images, Predicate<Digest> stored) {
    return out -> {
      try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
        json.writeStartArray();
        if (writeDockerImages(json, images, stored, true)) {
          writeDockerImages(json, images, stored, false);
        }
        json.writeEndArray();
      }
    };
  }

  /** Writes those that are for linux, or those that are not; tells whether there are others. */
  private static boolean writeDockerImages(
      JsonGenerator json, List<NamedImage> images, Predicate<Digest> stored, boolean forLinux) {
    Set<Reference> seen = new HashSet<>();
    boolean others = false;
    for (NamedImage image : images) {
      if (image.name().tag().isEmpty()) {
        continue;
      }
      Optional<DockerLoadable> loadable = DockerLoadable.of(image.image(), stored);
      // The first loadable one of a name has it, whatever it is for.
      if (loadable.isPresent() && seen.add(image.name())) {
        if (loadable.get().isForLinux() == forLinux) {
          writeDockerImage(json, image.name(), loadable.get().manifest());
        } else {
          others = true;
        }
      }
    }
    return others;
  }

  /** Writes an entry of {@code index.json}: a manifest or index, and its name. */
  public static void writeEntry(JsonGenerator json, Reference image, Descriptor top) {
    writeEntry(json, Optional.of(image), top);
  }

  private static void writeEntry(JsonGenerator json, Optional<Reference> image, Descriptor top) {
    json.writeStartObject();
    json.writeStringProperty("mediaType", top.mediaType());
    json.writeStringProperty("digest", top.digest().toString());
    json.writeNumberProperty("size", top.size());
    if (image.isPresent()) {
      String name = image.get().toString();
      json.writeObjectPropertyStart("annotations");
      json.writeStringProperty(LayoutNames.CONTAINERD_NAME, name);
      json.writeStringProperty(LayoutNames.REF_NAME, name);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void writeDockerImage(JsonGenerator json, Reference name, Manifest manifest) {
    json.writeStartObject();
    json.writeStringProperty("Config", file(manifest.config().orElseThrow()));
    writeStrings(json, "RepoTags", Stream.of(name.toString()));
    writeStrings(json, "Layers", manifest.layers().stream().map(LayoutJson::file));
    json.writeEndObject();
  }

  private static void writeStrings(JsonGenerator json, String property, Stream<String> values) {
    json.writeArrayPropertyStart(property);
    values.forEach(json::writeString);
    json.writeEndArray();
  }

  private static String file(Descriptor blob) {
    return LayoutNames.blob(blob.digest());
  }
}
