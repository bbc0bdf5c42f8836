package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.JsonKeys;
import io.mirrorimages.image.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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

  /** OCI distribution-spec, "Pulling manifests". */
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

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
  private final Map<Digest, String> tags = new HashMap<>();
  private final List<ArchivedImage> unqualified = new ArrayList<>();
  private final List<Attached> attached = new ArrayList<>();

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

  /** Whether it has all images of {@code other}, under the same names. */
  public boolean hasAll(LayoutIndex other) {
    return named.values().containsAll(other.named.values());
  }

  /** The others. */
  public List<Descriptor> unnamed() {
    return List.copyOf(unnamed);
  }

  /** The bare tags that others of them have. */
  public Map<Digest, String> tags() {
    return Map.copyOf(tags);
  }

  /** Those of the named images whose names have no registry, and are read as Docker does. */
  public List<ArchivedImage> unqualified() {
    return List.copyOf(unqualified);
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
    nameAttached();
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
    Optional<Reference> name = nameOf(entry);
    // Beside a full name a tag, or a path without registry, is only what others call it for short.
    boolean second = hasRegistry(text(entry, LayoutNames.REF_NAME));
    require(
        containerd.isEmpty()
            || !second
            || name(entry, LayoutNames.REF_NAME).orElse(name.get()).equals(name.get()),
        "is damaged: it calls one image by two names, "
            + name.map(Reference::toString).orElse("")
            + " and "
            + name(entry, LayoutNames.REF_NAME).map(Reference::toString).orElse(""));
    if (name.isEmpty()) {
      unnamed.add(descriptor);
      String tag = text(entry, LayoutNames.REF_NAME);
      if (TAG.matcher(tag).matches()) {
        tags.putIfAbsent(descriptor.digest(), tag);
      }
      return;
    }
    String kind = LayoutNames.kind(text(entry, LayoutNames.HAULER_KIND));
    if (LayoutNames.isAttachment(kind)) {
      attached.add(new Attached(name.get(), kind, descriptor));
      return;
    }
    name(name.get(), descriptor);
    if (!second && !hasRegistry(text(entry, LayoutNames.CONTAINERD_NAME))) {
      unqualified.add(new ArchivedImage(name.get(), descriptor));
    }
  }

  /** The full name that an entry gives to its image or to what belongs to that; empty if none. */
  static Optional<Reference> nameOf(JsonNode entry) {
    return name(entry, LayoutNames.CONTAINERD_NAME).or(() -> name(entry, LayoutNames.REF_NAME));
  }

  /** An entry that has the name of the image it belongs to. */
  private record Attached(Reference image, String kind, Descriptor descriptor) {}

  /**
   * Names what hauler keeps beside an image under the same name: signatures as cosign does, by a
   * tag with the image's digest; referrers by their own digest.
   */
  private void nameAttached() {
    for (Attached one : attached) {
      Optional<Digest> subject =
          Optional.ofNullable(named.get(key(one.image))).map(image -> image.descriptor().digest());
      Optional<String> tag = subject.flatMap(digest -> LayoutNames.attachmentTag(one.kind, digest));
      name(
          new Reference(
              one.image.repository(),
              tag,
              tag.isPresent() ? Optional.empty() : Optional.of(one.descriptor.digest())),
          one.descriptor);
    }
  }

  private void name(Reference name, Descriptor descriptor) {
    Optional<Digest> pinned = name.digest();
    require(
        pinned.isEmpty() || pinned.get().equals(descriptor.digest()),
        "calls " + descriptor.digest() + " by another digest: " + name);
    ArchivedImage first = named.putIfAbsent(key(name), new ArchivedImage(name, descriptor));
    require(
        first == null || first.descriptor().equals(descriptor),
        "gives the name " + name + " to two images");
  }

  private static String key(Reference name) {
    return name.repository() + " " + name.storeName();
  }

  private static String text(JsonNode entry, String annotation) {
    return entry.path("annotations").path(annotation).asString("");
  }

  /** Whether a name begins with a registry, by the rule of {@link Reference}. */
  private static boolean hasRegistry(String name) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    return first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
  }

  /** A bare tag, as skopeo writes it where it was told no name, names no image. */
  private static Optional<Reference> name(JsonNode entry, String annotation) {
    String name = text(entry, annotation);
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
