package io.mirrorimages.registry.client;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The list of a manifest's referrers that a registry without the referrers API has under a tag of
 * the manifest's digest. The client that pushes a referrer maintains it (distribution-spec 1.1,
 * "Pushing Manifests with Subject" and "Referrers Tag Schema").
 *
 * @param tag what it is called
 */
record ReferrersTag(Reference tag) {
  private static final int LONGEST_ALGORITHM = 32;
  private static final int LONGEST_HASH = 64;

  /** That of {@code subject} in the repository of {@code image}. */
  static ReferrersTag of(Reference image, Digest subject) {
    String name =
        cut(subject.algorithm(), LONGEST_ALGORITHM) + "-" + cut(subject.hex(), LONGEST_HASH);
    return new ReferrersTag(new Reference(image.repository(), Optional.of(name), Optional.empty()));
  }

  private static String cut(String text, int length) {
    return text.substring(0, Math.min(text.length(), length)).replaceAll("[^A-Za-z0-9._-]", "-");
  }

  /**
   * The list with {@code referrer} in it; empty if it is there already.
   *
   * @throws TransferException if what has the tag is no list
   */
  Optional<Manifest> with(Manifest referrer, Optional<Manifest> there) throws TransferException {
    if (there.isPresent() && !there.get().isIndex()) {
      throw new TransferException(
          FailureKind.UNSUPPORTED,
          tag + " is to list what refers to a manifest, and is an image: its tag has to go first");
    }
    ObjectNode list = there.isPresent() ? parsed(there.get()) : fresh();
    ArrayNode entries =
        list.path("manifests") instanceof ArrayNode array ? array : list.putArray("manifests");
    for (JsonNode entry : entries) {
      if (entry.path("digest").asString("").equals(referrer.digest().toString())) {
        return Optional.empty();
      }
    }
    ObjectNode entry = entries.addObject();
    entry.put("mediaType", referrer.mediaType());
    entry.put("digest", referrer.digest().toString());
    entry.put("size", referrer.bytes().length);
    referrer
        .artifactType()
        .filter(type -> !type.isEmpty())
        .ifPresent(type -> entry.put("artifactType", type));
    Map<String, String> annotations = referrer.annotations();
    if (!annotations.isEmpty()) {
      annotations.forEach(entry.putObject("annotations")::put);
    }
    return Optional.of(Manifest.parse(Json.MAPPER.writeValueAsBytes(list), MediaTypes.OCI_INDEX));
  }

  private static ObjectNode parsed(Manifest list) {
    return (ObjectNode) Json.parse(list.bytes(), "the list of referrers");
  }

  private static ObjectNode fresh() {
    ObjectNode list = Json.MAPPER.createObjectNode();
    list.put("schemaVersion", 2);
    list.put("mediaType", MediaTypes.OCI_INDEX);
    return list;
  }
}
