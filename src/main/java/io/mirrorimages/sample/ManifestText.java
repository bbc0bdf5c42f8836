package io.mirrorimages.sample;

import io.mirrorimages.image.Descriptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Manifests as text. Written by hand, not by a JSON library, so that no version of one changes a
 * digest.
 */
final class ManifestText {
  private ManifestText() {}

  /** A compact manifest; of the descriptors, type, digest and size are used. */
  static byte[] manifest(String mediaType, Descriptor config, List<Descriptor> layers) {
    return bytes(
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{%s},\"layers\":[%s]}"
            .formatted(
                mediaType,
                fields(config),
                layers.stream()
                    .map(layer -> "{" + fields(layer) + "}")
                    .collect(Collectors.joining(","))));
  }

  /**
   * An index over several lines, as build tools write them.
   *
   * @param entries its descriptors as JSON objects
   */
  static byte[] index(String mediaType, String... entries) {
    return bytes(
        """
        {
          "schemaVersion": 2,
          "mediaType": "%s",
          "manifests": [
            %s
          ]
        }\
        """
            .formatted(mediaType, String.join(",\n    ", entries)));
  }

  /** An index entry for a linux image. */
  static String linux(Descriptor image, String architecture) {
    return "{%s,\"platform\":{\"architecture\":\"%s\",\"os\":\"linux\"}}"
        .formatted(fields(image), architecture);
  }

  /** An index entry for what BuildKit attests of {@code image}. */
  static String attestation(Descriptor statement, Descriptor image) {
    return ("{%s,\"platform\":{\"architecture\":\"unknown\",\"os\":\"unknown\"},"
            + "\"annotations\":{\"vnd.docker.reference.digest\":\"%s\","
            + "\"vnd.docker.reference.type\":\"attestation-manifest\"}}")
        .formatted(fields(statement), image.digest());
  }

  /** The fields every descriptor has, without braces. */
  static String fields(Descriptor descriptor) {
    return "\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
