package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An index with the entries of several (OCI image-spec, image-index.md). Each entry is the text
 * that it came as, byte for byte.
 */
public final class JoinedIndex {
  private static final String MANIFESTS = "manifests";
  private static final String WHAT = "the index";

  private JoinedIndex() {}

  /**
   * The text of an entry.
   *
   * @param from where it begins in its index
   * @param to where it ends
   */
  private record Span(int from, int to) {}

  /** The texts of the entries of an index, in their order. */
  public static List<byte[]> entries(Manifest index) {
    List<byte[]> entries = new ArrayList<>();
    for (Span span : spans(index.bytes())) {
      entries.add(Arrays.copyOfRange(index.bytes(), span.from, span.to));
    }
    return entries;
  }

  /** The text of an entry for a manifest that had none. */
  public static byte[] entry(Descriptor manifest, Platform platform) {
    JsonText text =
        out -> {
          try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("mediaType", manifest.mediaType());
            json.writeStringProperty("digest", manifest.digest().toString());
            json.writeNumberProperty("size", manifest.size());
            json.writeName("platform");
            json.writeStartObject();
            json.writeStringProperty("architecture", platform.architecture());
            json.writeStringProperty("os", platform.os());
            if (!platform.osVersion().isEmpty()) {
              json.writeStringProperty("os.version", platform.osVersion());
            }
            if (!platform.variant().isEmpty()) {
              json.writeStringProperty("variant", platform.variant());
            }
            json.writeEndObject();
            json.writeEndObject();
          }
        };
    return text.bytes();
  }

  /**
   * An index with more entries behind its own; all else stays byte for byte.
   *
   * @param index has an entry at least
   * @param added the texts of entries
   */
  public static Manifest extended(Manifest index, List<byte[]> added) {
    byte[] bytes = index.bytes();
    int end = spans(bytes).getLast().to;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, end);
    for (byte[] entry : added) {
      out.write(',');
      out.writeBytes(entry);
    }
    out.write(bytes, end, bytes.length - end);
    return Manifest.parse(out.toByteArray(), index.mediaType());
  }

  /** An OCI index of entries, of which there is one at least. */
  public static Manifest of(List<byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String head =
        "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":[";
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < entries.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(entries.get(i));
    }
    out.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
    return Manifest.parse(out.toByteArray(), MediaTypes.OCI_INDEX);
  }

  private static List<Span> spans(byte[] bytes) {
    List<Span> spans = new ArrayList<>();
    try (JsonParser json = Json.parser(bytes, WHAT)) {
      json.nextToken();
      Optional<String> name = Optional.ofNullable(json.nextName());
      while (name.isPresent()) {
        JsonToken value = json.nextToken();
        if (name.get().equals(MANIFESTS) && value == JsonToken.START_ARRAY) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            int from = (int) json.currentTokenLocation().getByteOffset();
            json.skipChildren();
            spans.add(new Span(from, (int) json.currentLocation().getByteOffset()));
          }
        } else {
          json.skipChildren();
        }
        name = Optional.ofNullable(json.nextName());
      }
    } catch (JacksonException e) {
      throw Json.malformed(WHAT, e);
    }
    if (spans.isEmpty()) {
      throw new InvalidContentException(WHAT + " has no entries");
    }
    return spans;
  }
}
