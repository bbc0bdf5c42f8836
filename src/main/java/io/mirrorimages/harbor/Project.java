package io.mirrorimages.harbor;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a project is set, as far as the user may know.
 *
 * @param proxyCache whether it is filled from another registry only
 * @param signedOnly whether only images that cosign has signed can be pulled
 * @param scannedOnly whether images with vulnerabilities, or unscanned ones, can't be pulled
 * @param retention whether a policy removes images from time to time
 */
public record Project(
    boolean proxyCache, boolean signedOnly, boolean scannedOnly, boolean retention) {
  static final Project UNKNOWN = new Project(false, false, false, false);

  static Project of(JsonNode project) {
    JsonNode metadata = project.path("metadata");
    return new Project(
        project.path("registry_id").asLong(0) > 0,
        isTrue(metadata, "enable_content_trust_cosign") || isTrue(metadata, "enable_content_trust"),
        isTrue(metadata, "prevent_vul"),
        !metadata.path("retention_id").asString("").isEmpty());
  }

  /** Harbor has texts there. */
  private static boolean isTrue(JsonNode metadata, String name) {
    return metadata.path(name).asString("").equals("true");
  }

  /** What keeps images that are there from being pulled, in words; empty if nothing does. */
  public Optional<String> pullPolicy() {
    return signedOnly
        ? Optional.of("lets only images be pulled that are signed there")
        : scannedOnly
            ? Optional.of("lets only images be pulled that were scanned and are not vulnerable")
            : Optional.empty();
  }
}
