package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.JsonKeys;
import io.mirrorimages.image.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * What {@code index.json} says (OCI image-spec, image-layout.md): the named images in their order,
 * each name once, and the entries without a usable name. Entry by entry, as an index of 100,000
 * images would be large as a tree.
 */
public final class LayoutIndex {
  /** A thousand times what an entry usually has. */
  private static final int LARGEST_ENTRY = 512 * 1024;

  private static final JsonKeys KEYS =
      JsonKeys.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "manifests",
          "config",
          "layers",
          "subject",
          "annotations");

  private final Map<String, ArchivedImage> named = new LinkedHashMap<>();
  private final List<Descriptor> unnamed = new ArrayList<>();

  private LayoutIndex() {}

  /** {@link InvalidContentException} if the bytes are no index, or one name means two images. */
  public static LayoutIndex parse(byte[] bytes) {
    LayoutIndex index = new LayoutIndex();
    try (JsonParser json = Json.parser(bytes, LayoutNames.INDEX)) {
      index.read(json, bytes);
    } catch (JacksonException e) {
      throw Json.malformed(LayoutNames.INDEX, e);
    }
    return index;
  }

  /** The images that have a full name, in their order. */
  public List<ArchivedImage> named() {
    return List.copyOf(named.values());
  }

  /** The others. */
  public List<Descriptor> unnamed() {
    return List.copyOf(unnamed);
  }

  private void read(JsonParser json, byte[] bytes) {
    require(json.nextToken() == JsonToken.START_OBJECT, "is not a JSON object");
    boolean hasManifests = false;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String property = json.currentName();
      KEYS.check(property, LayoutNames.INDEX);
      JsonToken value = json.nextToken();
      // A document that reads as both would be one thing here and another elsewhere.
      require(
          !property.equals("config") && !property.equals("layers"),
          "could be read both as an image and as an index");
      if (property.equals("manifests")) {
        require(value == JsonToken.START_ARRAY, "has manifests that are not a list");
        hasManifests = true;
        while (json.nextToken() != JsonToken.END_ARRAY) {
          add(Json.element(json, bytes, LARGEST_ENTRY, LayoutNames.INDEX));
        }
      } else {
        json.skipChildren();
      }
    }
    require(hasManifests, "has no manifests");
    require(json.nextToken() == null, "has more than one JSON document");
  }

  private void add(JsonNode entry) {
    Descriptor.checkKeys(entry, LayoutNames.INDEX);
    JsonNode size = entry.path("size");
    require(
        entry.path("digest").isString() && size.isIntegralNumber() && size.canConvertToLong(),
        "has an entry without digest or size");
    Descriptor descriptor =
        new Descriptor(
            entry.path("mediaType").asString(""),
            Digest.parse(entry.get("digest").asString()),
            size.asLong());
    Optional<Reference> containerd = name(entry, LayoutNames.CONTAINERD_NAME);
    Optional<Reference> name = containerd.or(() -> name(entry, LayoutNames.REF_NAME));
    require(
        containerd.isEmpty()
            || name(entry, LayoutNames.REF_NAME).orElse(name.get()).equals(name.get()),
        "is damaged: it calls one image by two names, "
            + name.map(Reference::toString).orElse("")
            + " and "
            + name(entry, LayoutNames.REF_NAME).map(Reference::toString).orElse(""));
    if (name.isEmpty()) {
      unnamed.add(descriptor);
      return;
    }
    Optional<Digest> pinned = name.get().digest();
    require(
        pinned.isEmpty() || pinned.get().equals(descriptor.digest()),
        "calls " + descriptor.digest() + " by another digest: " + name.get());
    String key = name.get().repository() + " " + name.get().storeName();
    ArchivedImage first = named.putIfAbsent(key, new ArchivedImage(name.get(), descriptor));
    require(
        first == null || first.descriptor().equals(descriptor),
        "gives the name " + name.get() + " to two images");
  }

  /** A bare tag, as skopeo writes it where it was told no name, names no image. */
  private static Optional<Reference> name(JsonNode entry, String annotation) {
    String name = entry.path("annotations").path(annotation).asString("");
    if (name.indexOf('/') < 0 && name.indexOf(':') < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Reference.parse(name));
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new InvalidContentException("index.json " + problem);
    }
  }
}
