package io.mirrorimages.image;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a manifest says of content it refers to (OCI image-spec, descriptor.md): a claim until the
 * content has been hashed.
 *
 * @param mediaType the content's type; empty if the document does not say
 * @param digest the content's address
 * @param size its length in bytes, 0 or more
 * @param platform what it runs on, for entries of an index that say so
 * @param annotations its annotations; empty if there are none
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Optional<Platform> platform,
    Map<String, String> annotations) {
  private static final JsonKeys KEYS =
      JsonKeys.of(
          "mediaType", "digest", "size", "urls", "annotations", "data", "platform", "artifactType");

  private static final String ATTESTED = "vnd.docker.reference.digest";

  /** Refuses a negative size. */
  public Descriptor {
    if (size < 0) {
      throw new InvalidContentException("the size of " + digest + " is negative: " + size);
    }
    annotations = Map.copyOf(annotations);
  }

  /** A descriptor without platform and annotations. */
  public Descriptor(String mediaType, Digest digest, long size) {
    this(mediaType, digest, size, Optional.empty(), Map.of());
  }

  /**
   * Refuses a descriptor in {@code what}, or its platform, with a key that programs read
   * differently; see {@link JsonKeys}.
   */
  public static void checkKeys(JsonNode descriptor, String what) {
    KEYS.check(descriptor, what);
    Platform.KEYS.check(descriptor.path("platform"), what);
  }

  /** The image this index entry attests, if it is an attestation of BuildKit's kind. */
  public Optional<String> attested() {
    return Optional.ofNullable(annotations.get(ATTESTED));
  }
}
