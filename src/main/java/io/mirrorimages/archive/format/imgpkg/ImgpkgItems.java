package io.mirrorimages.archive.format.imgpkg;

import io.mirrorimages.archive.format.source.StoredContent;
import io.mirrorimages.archive.format.view.ViewBuilder;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.JsonKeys;
import io.mirrorimages.image.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The items in the {@code manifest.json} of imgpkg (its pkg/imgpkg/imagedesc/types.go). */
final class ImgpkgItems {
  private static final String IMAGE = "Image";
  private static final String INDEX = "ImageIndex";
  private static final JsonKeys KINDS = JsonKeys.of(IMAGE, INDEX);
  private static final JsonKeys KEYS =
      JsonKeys.of(
          "Refs",
          "Layers",
          "Config",
          "Manifest",
          "Images",
          "Indexes",
          "MediaType",
          "Digest",
          "Raw",
          "Tag",
          "OrigRef",
          "Labels");

  private final ViewBuilder view;

  ImgpkgItems(ViewBuilder view) {
    this.view = view;
  }

  /** Whether items have this key. */
  static boolean isKind(String key) {
    return key.equals(IMAGE) || key.equals(INDEX);
  }

  /** Takes the blobs and the name of an item; {@link InvalidContentException} if it is broken. */
  void add(JsonNode item) {
    KINDS.check(item, LayoutNames.DOCKER_MANIFEST);
    JsonNode index = item.path(INDEX);
    JsonNode image = item.path(IMAGE);
    if (index.isObject() == image.isObject()) {
      throw new InvalidContentException(
          LayoutNames.DOCKER_MANIFEST + " has an item that is not one image or one index");
    }
    JsonNode object = index.isObject() ? index : image;
    Descriptor top = index.isObject() ? index(index) : image(image);
    String ref = object.path("Refs").path(0).asString("");
    view.image(ref.isEmpty() ? Optional.empty() : Optional.of(name(ref, object, top)), top);
  }

  /** By tag, which is beside a reference that has the digest; by that if there is none. */
  private static Reference name(String ref, JsonNode object, Descriptor top) {
    Reference name = Reference.parse(ref);
    if (!name.digest().equals(Optional.of(top.digest()))) {
      throw new InvalidContentException(
          LayoutNames.DOCKER_MANIFEST + " calls " + top.digest() + " by another digest: " + name);
    }
    String tag = object.path("Tag").asString("");
    return tag.isEmpty() ? name : Reference.parse(name.repository() + ":" + tag);
  }

  private Descriptor index(JsonNode index) {
    index.path("Images").forEach(this::image);
    index.path("Indexes").forEach(this::index);
    return manifest(index);
  }

  private Descriptor image(JsonNode image) {
    KEYS.check(image, LayoutNames.DOCKER_MANIFEST);
    blob(image.path("Config"));
    return manifest(image.path("Manifest"));
  }

  private Descriptor manifest(JsonNode manifest) {
    String mediaType = manifest.path("MediaType").asString("");
    return new Descriptor(mediaType, digest(manifest), blob(manifest));
  }

  private static Digest digest(JsonNode object) {
    return Digest.parse(object.path("Digest").asString(""));
  }

  /** Adds the bytes, which are hashed when they are used; their number. */
  private int blob(JsonNode object) {
    KEYS.check(object, LayoutNames.DOCKER_MANIFEST);
    byte[] bytes = object.path("Raw").asString("").getBytes(StandardCharsets.UTF_8);
    view.blob(digest(object), StoredContent.of(bytes));
    return bytes.length;
  }
}
