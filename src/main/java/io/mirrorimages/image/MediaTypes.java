package io.mirrorimages.image;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The media types that decide how a document is treated (OCI image-spec, media-types.md; Docker
 * image manifest v2.2).
 */
public final class MediaTypes {
  /** OCI image manifest; also every OCI artifact. */
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /** OCI image index. */
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";

  /** Docker image manifest, version 2, schema 2. */
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";

  /** Docker manifest list. */
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  /** Docker schema 1, signed: recognised to be refused by name. */
  public static final String DOCKER_SCHEMA1_SIGNED =
      "application/vnd.docker.distribution.manifest.v1+prettyjws";

  /** Docker schema 1. */
  public static final String DOCKER_SCHEMA1 =
      "application/vnd.docker.distribution.manifest.v1+json";

  /** OCI image configuration. */
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";

  /** Docker image configuration. */
  public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";

  /** A layer that is not compressed. */
  public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";

  /** A layer compressed with gzip. */
  public static final String OCI_LAYER_GZIP = OCI_LAYER + "+gzip";

  /** A layer compressed with zstd. */
  public static final String OCI_LAYER_ZSTD = OCI_LAYER + "+zstd";

  /**
   * The media types of the Accept header, best first. Without the OCI types some registries deny
   * having OCI manifests, and with schema 1 in it a schema 1 image is recognised, and refused by
   * that name.
   */
  public static final List<String> ACCEPTED_MANIFESTS =
      List.of(
          OCI_INDEX,
          DOCKER_LIST,
          OCI_MANIFEST,
          DOCKER_MANIFEST,
          DOCKER_SCHEMA1_SIGNED,
          DOCKER_SCHEMA1);

  private static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_LIST);
  private static final Set<String> MANIFESTS = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);
  private static final Set<String> SCHEMA1 = Set.of(DOCKER_SCHEMA1, DOCKER_SCHEMA1_SIGNED);

  /** What nearly all descriptors are, by themselves. */
  private static final Map<String, String> SHARED =
      Stream.of(
              OCI_MANIFEST,
              OCI_INDEX,
              DOCKER_MANIFEST,
              DOCKER_LIST,
              OCI_CONFIG,
              DOCKER_CONFIG,
              OCI_LAYER,
              OCI_LAYER_GZIP,
              OCI_LAYER_ZSTD,
              "application/vnd.docker.image.rootfs.diff.tar.gzip",
              "application/vnd.in-toto+json",
              "")
          .collect(Collectors.toUnmodifiableMap(type -> type, type -> type));

  private MediaTypes() {}

  /** An equal text, for the usual types the one of all their descriptors. */
  static String shared(String mediaType) {
    return SHARED.getOrDefault(mediaType, mediaType);
  }

  /** Whether the document lists manifests. */
  public static boolean isIndex(String mediaType) {
    return INDEXES.contains(mediaType);
  }

  /** Whether the document is a manifest with config and layers. */
  public static boolean isManifest(String mediaType) {
    return MANIFESTS.contains(mediaType);
  }

  /** Whether the document is the old, unsupported schema 1. */
  public static boolean isSchema1(String mediaType) {
    return SCHEMA1.contains(mediaType);
  }

  /**
   * Whether an entry of this type in an index is no manifest but a blob: BuildKit keeps its cache
   * in an index of layers and one config.
   */
  public static boolean isBlob(String mediaType) {
    return Stream.of("layer", "rootfs", "config", "octet-stream").anyMatch(mediaType::contains);
  }

  /** Whether a config of this type says which platform an image runs on. */
  public static boolean isImageConfig(String mediaType) {
    return mediaType.equals(OCI_CONFIG) || mediaType.equals(DOCKER_CONFIG);
  }

  /**
   * Whether a layer of this type may be kept from registries by its maker, so that only its {@code
   * urls} have it.
   */
  public static boolean isNonDistributable(String mediaType) {
    return mediaType.startsWith("application/vnd.oci.image.layer.nondistributable.")
        || mediaType.startsWith("application/vnd.docker.image.rootfs.foreign.");
  }

  /** Whether content of this type is a gzip file, as layers are in most cases. */
  public static boolean isGzip(String mediaType) {
    return mediaType.contains("gzip");
  }

  /** The type without parameters such as {@code ; charset=utf-8}, lower case and trimmed. */
  public static String bare(String contentType) {
    int semicolon = contentType.indexOf(';');
    return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
        .strip()
        .toLowerCase(java.util.Locale.ROOT);
  }
}
