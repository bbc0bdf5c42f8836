package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * An {@code index.json} to which names are added, or given to other images. All that others wrote
 * stays: entries without a name, their annotations, properties of the whole. Not thread-safe.
 * Memory: the text of each entry.
 */
public final class EditableIndex {
  /** As {@link LayoutIndex} allows. */
  private static final int LARGEST_ENTRY = 512 * 1024;

  private final Map<String, String> properties = new LinkedHashMap<>();
  private final Map<String, String> entries = new LinkedHashMap<>();
  private final Map<String, Descriptor> named = new LinkedHashMap<>();

  /** An index without images. */
  public EditableIndex() {
    properties.put("schemaVersion", "2");
    properties.put("mediaType", '"' + MediaTypes.OCI_INDEX + '"');
  }

  /** {@link InvalidContentException} if the bytes are no index, as {@link LayoutIndex#parse}. */
  public static EditableIndex parse(byte[] bytes) {
    EditableIndex index = new EditableIndex();
    LayoutIndex.parse(bytes)
        .named()
        .forEach(image -> index.named.put(key(image.name()), image.descriptor()));
    index.properties.clear();
    try (JsonParser json = Json.parser(bytes, LayoutNames.INDEX)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String property = json.currentName();
        json.nextToken();
        if (property.equals("manifests")) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            index.add(Json.element(json, bytes, LARGEST_ENTRY, LayoutNames.INDEX));
          }
        } else {
          JsonNode value = json.readValueAsTree();
          index.properties.put(property, Json.MAPPER.writeValueAsString(value));
        }
      }
    }
    return index;
  }

  private void add(JsonNode entry) {
    Optional<String> name = LayoutIndex.nameOf(entry).map(EditableIndex::key);
    // What hauler keeps beside an image has the image's name, and is not replaced with the image.
    boolean ofImage =
        name.filter(named::containsKey).isPresent()
            && !LayoutNames.isAttachment(
                entry.path("annotations").path(LayoutNames.HAULER_KIND).asString(""));
    entries.put(
        ofImage ? name.get() : "entry " + entries.size(), Json.MAPPER.writeValueAsString(entry));
  }

  /** What a name stands for. */
  public Optional<Descriptor> find(Reference image) {
    return Optional.ofNullable(named.get(key(image)));
  }

  /** Gives a name to an image; if another one had it, that loses it. */
  public void put(Reference name, Descriptor image) {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.MAPPER.createGenerator(entry)) {
      LayoutJson.writeEntry(json, name, image);
    }
    entries.put(key(name), entry.toString(StandardCharsets.UTF_8));
    named.put(key(name), image);
  }

  /** The file as it is to be now; later changes don't change what this writes. */
  public JsonText text() {
    Map<String, String> ownProperties = new LinkedHashMap<>(properties);
    Map<String, String> ownEntries = new LinkedHashMap<>(entries);
    return out -> {
      try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
        json.writeStartObject();
        ownProperties.forEach(
            (name, value) -> {
              json.writeName(name);
              json.writeRawValue(value);
            });
        json.writeArrayPropertyStart("manifests");
        ownEntries.values().forEach(json::writeRawValue);
        json.writeEndArray();
        json.writeEndObject();
      }
    };
  }

  private static String key(Reference image) {
    return image.repository() + " " + image.storeName();
  }
}
