package io.mirrorimages.archive.format.hangar;

import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.hangar.HangarIndex.PlatformImage;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.format.view.ArchiveFormat;
import io.mirrorimages.archive.format.view.LayoutView;
import io.mirrorimages.archive.format.view.Rebuilt;
import io.mirrorimages.archive.format.view.ViewBuilder;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Makes a layout of a zip of hangar: manifests and blobs are those of the registry; the index of an
 * image with several platforms, which hangar does not keep, is made of them. For one use.
 */
final class HangarView {
  static final String INDEX = "index.json";

  private static final String BLOBS = "share/";
  private static final int LARGEST_INDEX = 64 * 1024 * 1024;
  private static final int LARGEST_LAYOUT = 64 * 1024;

  private final ArchiveSource source;
  private final Map<String, FileEntry> files;
  private final ViewBuilder view;

  HangarView(ArchiveSource source, ArchiveFormat format, Map<String, FileEntry> files) {
    this.source = source;
    this.files = files;
    this.view = new ViewBuilder(source, format);
  }

  /** {@link InvalidContentException} if it is damaged, with what is. */
  LayoutView build() throws IOException {
    HangarIndex index =
        HangarIndex.parse(bytes(Objects.requireNonNull(files.get(INDEX)), LARGEST_INDEX));
    for (Map.Entry<String, FileEntry> file : files.entrySet()) {
      String[] path = file.getKey().split("/");
      if (file.getKey().startsWith(BLOBS) && path.length == 3) {
        view.blob(new Digest(path[1], path[2]), content(file.getValue()));
      }
    }
    for (Reference name : index.names()) {
      List<PlatformImage> images = index.of(name);
      for (PlatformImage image : images) {
        checkLayout(image.digest());
      }
      if (images.size() == 1) {
        view.image(Optional.of(name), descriptor(images.getFirst()));
      } else if (!images.isEmpty()) {
        byte[] bytes = index(images);
        Digest digest = Digest.sha256(bytes);
        view.blob(digest, StoredContent.of(bytes)).rebuilt(Rebuilt.INDEXES);
        view.image(Optional.of(name), new Descriptor(MediaTypes.OCI_INDEX, digest, bytes.length));
      }
    }
    return view.size(source.file().size()).build();
  }

  /** Hangar loads a manifest by a layout of its own, which must not mean another one. */
  private void checkLayout(Digest digest) throws IOException {
    String name = digest.hex() + "/" + INDEX;
    FileEntry file = files.get(name);
    if (file == null) {
      return;
    }
    JsonNode manifests = Json.parse(bytes(file, LARGEST_LAYOUT), name).path("manifests");
    if (manifests.size() != 1
        || !manifests.path(0).path("digest").asString("").equals(digest.toString())) {
      throw source.errors().hostile(name, "is not about " + digest + " alone, as it has to be");
    }
  }

  /** Describes a manifest; one that is not there is found missing when it is read. */
  private Descriptor descriptor(PlatformImage image) throws IOException {
    FileEntry file = files.get(BLOBS + image.digest().algorithm() + "/" + image.digest().hex());
    if (file == null) {
      return new Descriptor(MediaTypes.OCI_MANIFEST, image.digest(), 0);
    }
    String type =
        image.mediaType().isEmpty()
            ? Manifest.parse(bytes(file, Manifest.LARGEST), "").mediaType()
            : image.mediaType();
    return new Descriptor(type, image.digest(), file.size());
  }

  private byte[] index(List<PlatformImage> images) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberProperty("schemaVersion", 2);
      json.writeStringProperty("mediaType", MediaTypes.OCI_INDEX);
      json.writeArrayPropertyStart("manifests");
      for (PlatformImage image : images) {
        write(json, descriptor(image), image);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Descriptor manifest, PlatformImage image) {
    json.writeStartObject();
    json.writeStringProperty("mediaType", manifest.mediaType());
    json.writeStringProperty("digest", manifest.digest().toString());
    json.writeNumberProperty("size", manifest.size());
    json.writeObjectPropertyStart("platform");
    json.writeStringProperty("architecture", image.text("arch"));
    json.writeStringProperty("os", image.text("os"));
    writeText(json, "os.version", image.text("osVersion"));
    JsonNode features = image.spec().path("osFeatures");
    if (features.isArray() && !features.isEmpty()) {
      json.writeName("os.features");
      json.writeTree(features);
    }
    writeText(json, "variant", image.text("variant"));
    json.writeEndObject();
    JsonNode annotations = image.spec().path("annotations");
    if (annotations.isObject() && !annotations.isEmpty()) {
      json.writeName("annotations");
      json.writeTree(annotations);
    }
    json.writeEndObject();
  }

  private static void writeText(JsonGenerator json, String key, String text) {
    if (!text.isEmpty()) {
      json.writeStringProperty(key, text);
    }
  }

  private byte[] bytes(FileEntry file, int largest) throws IOException {
    if (file.size() > largest) {
      throw source
          .errors()
          .hostile(
              file.name(), "has " + file.size() + " bytes, more than the " + largest + " allowed");
    }
    return source.file().readFully(file.data(), (int) file.size());
  }

  private StoredContent content(FileEntry file) {
    return StoredContent.of(source.file(), file, source.errors());
  }
}
