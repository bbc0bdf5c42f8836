package io.mirrorimages.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the bytes of a manifest say. Reads only what the mirror needs; unknown fields are left
 * alone.
 */
record ManifestView(
    String mediaType,
    List<Descriptor> children,
    Optional<Descriptor> config,
    List<Descriptor> layers,
    Optional<Descriptor> subject,
    Optional<String> artifactType,
    Map<String, String> annotations) {
  private static final String WHAT = "the manifest";

  /** Those of schema 1 that tell programs apart what a document is, too. */
  private static final JsonKeys KEYS =
      JsonKeys.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "config",
          "layers",
          "manifests",
          "subject",
          "annotations",
          "fsLayers");

  static ManifestView of(byte[] bytes, String contentType) {
    if (bytes.length > Manifest.LARGEST) {
      throw new InvalidContentException(
          "the manifest has "
              + bytes.length
              + " bytes, more than the "
              + Manifest.LARGEST
              + " allowed");
    }
    JsonNode root = Json.parse(bytes, WHAT);
    KEYS.check(root, WHAT);
    String mediaType = MediaTypes.shared(mediaType(root, MediaTypes.bare(contentType)));
    boolean index = MediaTypes.isIndex(mediaType);
    // A document that reads as both would be one thing here and another at the target
    // (CVE-2021-41190).
    if ((index && isImage(root)) || (!index && root.hasNonNull("manifests"))) {
      throw new InvalidContentException(
          "the manifest could be read both as an image and as an index");
    }
    Optional<Descriptor> subject =
        root.hasNonNull("subject")
            ? Optional.of(descriptor(root.get("subject")))
            : Optional.empty();
    Optional<String> artifactType =
        Optional.of(root.path("artifactType").asString("")).filter(type -> !type.isEmpty());
    if (index) {
      if (!root.has("manifests")) {
        throw new InvalidContentException("the manifest's manifests are not a list");
      }
      List<Descriptor> entries = descriptors(root, "manifests");
      return new ManifestView(
          mediaType,
          entries.stream().filter(entry -> !MediaTypes.isBlob(entry.mediaType())).toList(),
          Optional.empty(),
          entries.stream().filter(entry -> MediaTypes.isBlob(entry.mediaType())).toList(),
          subject,
          artifactType,
          annotations(root));
    }
    if (!root.path("config").isObject()) {
      throw new InvalidContentException("the manifest has no config");
    }
    return new ManifestView(
        mediaType,
        List.of(),
        Optional.of(descriptor(root.get("config"))),
        descriptors(root, "layers"),
        subject,
        artifactType,
        annotations(root));
  }

  /** The same with the descriptors that {@code known} gives for equal ones. */
  ManifestView sharing(UnaryOperator<Descriptor> known) {
    return new ManifestView(
        mediaType,
        children.stream().map(known).toList(),
        config.map(known),
        layers.stream().map(known).toList(),
        subject,
        artifactType,
        annotations);
  }

  /** The bytes of a copy of an index without the entries that are not in {@code kept}. */
  static byte[] filteredIndex(byte[] bytes, Set<Digest> kept) {
    ObjectNode root = (ObjectNode) Json.parse(bytes, "the index");
    ArrayNode manifests = Json.MAPPER.createArrayNode();
    for (JsonNode entry : root.get("manifests")) {
      Descriptor described = descriptor(entry);
      if (kept.contains(described.digest()) || MediaTypes.isBlob(described.mediaType())) {
        manifests.add(entry);
      }
    }
    root.set("manifests", manifests);
    return Json.MAPPER.writeValueAsBytes(root);
  }

  /**
   * What the document says of itself decides. What others say of it, a header or an entry of an
   * index, counts only where it says nothing and has the form of that; else its form does.
   */
  private static String mediaType(JsonNode root, String said) {
    String own = root.path("mediaType").asString("");
    if (root.path("schemaVersion").asInt(2) == 1
        || MediaTypes.isSchema1(own)
        || (own.isEmpty() && MediaTypes.isSchema1(said))) {
      throw new UnsupportedManifestException(
          "Docker schema 1 image: its maker has to push it again with a current tool");
    }
    if (!own.isEmpty()) {
      if (!MediaTypes.isIndex(own) && !MediaTypes.isManifest(own)) {
        throw new UnsupportedManifestException("unknown manifest type " + Text.quote(own));
      }
      return own;
    }
    boolean index = root.hasNonNull("manifests");
    if ((MediaTypes.isIndex(said) && (index || !isImage(root)))
        || (MediaTypes.isManifest(said) && (!index || isImage(root)))) {
      return said;
    }
    return index ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
  }

  private static boolean isImage(JsonNode root) {
    return root.hasNonNull("config") || root.hasNonNull("layers");
  }

  /** Programs in Go write null for an empty list. */
  private static List<Descriptor> descriptors(JsonNode root, String field) {
    if (!root.hasNonNull(field)) {
      return List.of();
    }
    if (!root.path(field).isArray()) {
      throw new InvalidContentException("the manifest's " + field + " are not a list");
    }
    List<Descriptor> descriptors = new ArrayList<>();
    for (JsonNode node : root.get(field)) {
      descriptors.add(descriptor(node));
    }
    return List.copyOf(descriptors);
  }

  private static Descriptor descriptor(JsonNode node) {
    Descriptor.checkKeys(node, WHAT);
    JsonNode size = node.path("size");
    if (!node.path("digest").isString() || !size.isIntegralNumber() || !size.canConvertToLong()) {
      throw new InvalidContentException("the manifest has a descriptor without digest or size");
    }
    return new Descriptor(
        MediaTypes.shared(node.path("mediaType").asString("")),
        Digest.parse(node.get("digest").asString()),
        size.asLong(),
        node.path("platform").isObject()
            ? Optional.of(platform(node.get("platform")))
            : Optional.empty(),
        annotations(node));
  }

  private static Map<String, String> annotations(JsonNode node) {
    if (node.path("annotations").isEmpty()) {
      return Map.of();
    }
    Map<String, String> annotations = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.path("annotations").properties()) {
      annotations.put(entry.getKey(), entry.getValue().asString(""));
    }
    return annotations;
  }

  /**
   * The platform in a descriptor's {@code platform} or in an image config: both use the same field
   * names.
   */
  static Platform platform(JsonNode node) {
    Platform.KEYS.check(node, "the platform");
    return new Platform(
        node.path("os").asString(""),
        node.path("architecture").asString(""),
        node.path("variant").asString(""),
        node.path("os.version").asString(""));
  }
}
