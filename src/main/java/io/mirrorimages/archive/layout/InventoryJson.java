package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.JsonKeys;
import io.mirrorimages.image.Reference;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * An {@link Inventory} as JSON, and back, entry by entry: as a tree 100,000 images would be large.
 * Images refer to their contents by their place in the list of blobs.
 */
public final class InventoryJson {
  private static final int VERSION = 1;
  private static final String WHAT = "the inventory";

  /** In bytes: an image of ten thousand blobs has a tenth of it. */
  private static final int LARGEST_ENTRY = 512 * 1024;

  private static final String SUM = ",\"sum\":\"";

  private static final JsonKeys KEYS =
      JsonKeys.of(
          "inventory",
          "id",
          "volume",
          "volumes",
          "continues",
          "purpose",
          "names",
          "blobs",
          "images",
          "sum");
  private static final JsonKeys BLOB_KEYS = JsonKeys.of("digest", "size", "base", "volume");
  private static final JsonKeys IMAGE_KEYS =
      JsonKeys.of("name", "mediaType", "digest", "size", "base", "contents");

  private final List<Inventory.Blob> blobs = new ArrayList<>();
  private final List<JsonImage> images = new ArrayList<>();
  private int version;
  private String id = "";
  private int volume;
  private int volumes;
  private Optional<String> purpose = Optional.empty();
  private final Map<String, String> names = new HashMap<>();
  private final List<String> continues = new ArrayList<>();

  private InventoryJson() {}

  private record JsonImage(
      Reference name, Descriptor descriptor, int[] contents, Optional<String> base) {}

  /** The inventory as one line. */
  public static JsonText of(Inventory inventory) {
    return out -> write(inventory, out);
  }

  private static void write(Inventory inventory, OutputStream out) {
    Map<Digest, Integer> places = HashMap.newHashMap(inventory.blobs().size());
    MessageDigest hasher = sha256();
    try (JsonGenerator json = Json.MAPPER.createGenerator(new DigestOutputStream(out, hasher))) {
      json.writeStartObject();
      json.writeNumberProperty("inventory", VERSION);
      json.writeStringProperty("id", inventory.id());
      json.writeNumberProperty("volume", inventory.volume());
      json.writeNumberProperty("volumes", inventory.volumes());
      if (!inventory.continues().isEmpty()) {
        json.writeArrayPropertyStart("continues");
        inventory.continues().forEach(json::writeString);
        json.writeEndArray();
      }
      inventory.purpose().ifPresent(purpose -> json.writeStringProperty("purpose", purpose));
      if (!inventory.names().isEmpty()) {
        json.writeObjectPropertyStart("names");
        new TreeMap<>(inventory.names()).forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      json.writeArrayPropertyStart("blobs");
      for (Inventory.Blob blob : inventory.blobs()) {
        places.put(blob.digest(), places.size());
        write(json, blob);
      }
      json.writeEndArray();
      json.writeArrayPropertyStart("images");
      for (Inventory.Image image : inventory.images()) {
        write(json, image, places);
      }
      json.writeEndArray();
      // The hash of all that is before it: a name that went bad on a disk is still a name.
      json.flush();
      json.writeStringProperty("sum", HexFormat.of().formatHex(hasher.digest()));
      json.writeEndObject();
    }
  }

  private static MessageDigest sha256() {
    return Digest.sha256(new byte[0]).newHasher();
  }

  private static void checkSum(byte[] bytes) {
    byte[] sum = SUM.getBytes(StandardCharsets.UTF_8);
    int start = bytes.length - sum.length;
    while (start >= 0 && !Arrays.equals(bytes, start, start + sum.length, sum, 0, sum.length)) {
      start--;
    }
    require(start >= 0, "has no sum at its end");
    String expected = Digest.sha256(Arrays.copyOf(bytes, start)).hex();
    int hex = start + sum.length;
    require(
        bytes.length >= hex + expected.length()
            && expected.equals(new String(bytes, hex, expected.length(), StandardCharsets.UTF_8)),
        "was changed: its sum is wrong");
  }

  private static void write(JsonGenerator json, Inventory.Blob blob) {
    json.writeStartObject();
    json.writeStringProperty("digest", blob.digest().toString());
    json.writeNumberProperty("size", blob.size());
    if (blob.base().isPresent()) {
      json.writeStringProperty("base", blob.base().get());
    } else {
      json.writeNumberProperty("volume", blob.volume());
    }
    json.writeEndObject();
  }

  private static void write(
      JsonGenerator json, Inventory.Image image, Map<Digest, Integer> places) {
    json.writeStartObject();
    json.writeStringProperty("name", image.name().toString());
    json.writeStringProperty("mediaType", image.descriptor().mediaType());
    json.writeStringProperty("digest", image.descriptor().digest().toString());
    json.writeNumberProperty("size", image.descriptor().size());
    image.base().ifPresent(base -> json.writeStringProperty("base", base));
    json.writeArrayPropertyStart("contents");
    image
        .contents()
        .forEach(digest -> json.writeNumber(Objects.requireNonNull(places.get(digest))));
    json.writeEndArray();
    json.writeEndObject();
  }

  /** {@link InvalidContentException} if the bytes are no inventory of a version we know. */
  public static Inventory parse(byte[] bytes) {
    checkSum(bytes);
    InventoryJson read = new InventoryJson();
    try (JsonParser json = Json.parser(bytes, WHAT)) {
      read.read(json, bytes);
    } catch (JacksonException e) {
      throw Json.malformed(WHAT, e);
    }
    require(read.version == VERSION, "is of another version than " + VERSION);
    require(
        read.blobs.stream().noneMatch(blob -> blob.base().filter(read.id::equals).isPresent()),
        "is of an archive that is based on itself");
    return new Inventory(
        read.id,
        read.volume,
        read.volumes,
        read.resolved(),
        read.blobs,
        read.purpose,
        read.names,
        read.continues);
  }

  private void read(JsonParser json, byte[] bytes) {
    require(json.nextToken() == JsonToken.START_OBJECT, "is not a JSON object");
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String property = json.currentName();
      KEYS.check(property, WHAT);
      json.nextToken();
      switch (property) {
        case "inventory" -> version = number(json);
        case "id" -> id = json.getValueAsString("");
        case "volume" -> volume = number(json);
        case "volumes" -> volumes = number(json);
        case "purpose" -> purpose = Optional.of(json.getValueAsString(""));
        case "continues" -> {
          startOfList(json);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_STRING, "continues what has no id");
            continues.add(json.getValueAsString(""));
          }
        }
        case "names" ->
            Json.element(json, bytes, LARGEST_ENTRY, WHAT)
                .forEachEntry((base, name) -> names.put(base, name.asString("")));
        case "blobs" -> {
          startOfList(json);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            blobs.add(blob(Json.element(json, bytes, LARGEST_ENTRY, WHAT)));
          }
        }
        case "images" -> {
          startOfList(json);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            images.add(image(Json.element(json, bytes, LARGEST_ENTRY, WHAT)));
          }
        }
        default -> json.skipChildren();
      }
    }
    require(json.nextToken() == null, "has more than one JSON document");
  }

  private static int number(JsonParser json) {
    require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, "has text for a number");
    return json.getValueAsInt();
  }

  private static void startOfList(JsonParser json) {
    require(json.currentToken() == JsonToken.START_ARRAY, "has no list of blobs or images");
  }

  private static Inventory.Blob blob(JsonNode node) {
    BLOB_KEYS.check(node, WHAT);
    JsonNode size = node.path("size");
    require(size.isIntegralNumber() && size.canConvertToLong(), "has a blob without size");
    return new Inventory.Blob(
        Digest.parse(node.path("digest").asString("")),
        size.asLong(),
        node.path("volume").asInt(0),
        base(node));
  }

  private static JsonImage image(JsonNode node) {
    IMAGE_KEYS.check(node, WHAT);
    JsonNode contents = node.path("contents");
    require(contents.isArray(), "has an image without contents");
    int[] places = new int[contents.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = contents.get(i).asInt(-1);
    }
    return new JsonImage(
        Reference.parse(node.path("name").asString("")),
        new Descriptor(
            node.path("mediaType").asString(""),
            Digest.parse(node.path("digest").asString("")),
            node.path("size").asLong(-1)),
        places,
        base(node));
  }

  private static Optional<String> base(JsonNode node) {
    Optional<String> base = Optional.ofNullable(node.path("base").asString(null));
    base.ifPresent(id -> require(id.matches("[0-9a-f]{16}"), "has a base without id"));
    return base;
  }

  private List<Inventory.Image> resolved() {
    List<Inventory.Image> resolved = new ArrayList<>(images.size());
    for (JsonImage image : images) {
      List<Digest> contents = new ArrayList<>(image.contents.length);
      for (int place : image.contents) {
        require(place >= 0 && place < blobs.size(), "refers to a blob that it does not have");
        contents.add(blobs.get(place).digest());
      }
      resolved.add(new Inventory.Image(image.name, image.descriptor, contents, image.base));
    }
    return resolved;
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new InvalidContentException("the inventory " + problem);
    }
  }
}
