package io.mirrorimages.archive.layout;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.MediaTypes;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * The manifest of an image whose own one is lost (OCI image-spec, manifest.md): without blanks and
 * annotations, with the properties in the order of the specification. So the same config and layers
 * have the same digest, whatever tool kept them.
 */
public final class RebuiltManifest {
  private RebuiltManifest() {}

  /** The same bytes for equal descriptors, of which type, digest and size are taken. */
  public static byte[] bytes(Descriptor config, List<Descriptor> layers) {
    JsonText text =
        out -> {
          try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberProperty("schemaVersion", 2);
            json.writeStringProperty("mediaType", MediaTypes.OCI_MANIFEST);
            json.writeName("config");
            write(json, config);
            json.writeArrayPropertyStart("layers");
            layers.forEach(layer -> write(json, layer));
            json.writeEndArray();
            json.writeEndObject();
          }
        };
    return text.bytes();
  }

  private static void write(JsonGenerator json, Descriptor blob) {
    json.writeStartObject();
    json.writeStringProperty("mediaType", blob.mediaType());
    json.writeStringProperty("digest", blob.digest().toString());
    json.writeNumberProperty("size", blob.size());
    json.writeEndObject();
  }
}
