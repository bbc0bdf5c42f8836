package io.mirrorimages.registry.endpoint;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestGraph;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.stream.ResumingStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Of the images that the endpoints show under one tag, the one that says it was made last. */
final class NewestImage {
  private final RoutedSource source;
  private final Failover walk;

  NewestImage(RoutedSource source, Failover walk) {
    this.source = source;
    this.walk = walk;
  }

  /**
   * Its digest. Among images that say nothing, or the same, that of the registry itself; empty if
   * no endpoint names a digest.
   */
  Optional<Digest> digest(Reference image) throws IOException {
    Set<Digest> shown = new LinkedHashSet<>();
    List<ResolvedEndpoint> all = source.candidates(image.repository());
    for (ResolvedEndpoint by : all.reversed()) {
      try {
        walk.over(
                List.of(by),
                image.toString(),
                image.toString(),
                b -> RoutedSource.head(b.among(all), image))
            .ifPresent(shown::add);
      } catch (TransferException e) {
        // It is written down; the others are asked.
      }
    }
    Digest newest = null;
    Instant latest = Instant.MIN;
    for (Digest digest : shown) {
      Instant made = shown.size() == 1 ? Instant.MIN : made(image, digest);
      if (newest == null || made.isAfter(latest)) {
        newest = digest;
        latest = made;
      }
    }
    return Optional.ofNullable(newest);
  }

  /** When it was made as its annotation or its config say; long ago if they don't. */
  private Instant made(Reference image, Digest digest) throws IOException {
    try {
      Manifest manifest = source.manifest(image.at(digest));
      Optional<Instant> annotated =
          instant(
              Json.parse(manifest.bytes(), "the manifest")
                  .path("annotations")
                  .path("org.opencontainers.image.created"));
      if (annotated.isPresent()) {
        return annotated.get();
      }
      for (int depth = 1; manifest.isIndex(); depth++) {
        if (manifest.children().isEmpty() || depth == ManifestGraph.MAX_DEPTH) {
          return Instant.MIN;
        }
        manifest = source.manifest(image.at(manifest.children().getFirst().digest()));
      }
      Optional<Descriptor> config = manifest.config();
      return config.isPresent() ? configured(image, config.get()) : Instant.MIN;
    } catch (TransferException | InvalidContentException e) {
      return Instant.MIN;
    }
  }

  private Instant configured(Reference image, Descriptor config) throws IOException {
    if (config.size() > Manifest.LARGEST) {
      return Instant.MIN;
    }
    byte[] bytes;
    try (InputStream content = ResumingStream.withoutRetries(source, image.repository(), config)) {
      bytes = content.readNBytes(Manifest.LARGEST);
    }
    return config.digest().ofSameAlgorithm(bytes).equals(config.digest())
        ? instant(Json.parse(bytes, "the config").path("created")).orElse(Instant.MIN)
        : Instant.MIN;
  }

  private static Optional<Instant> instant(JsonNode node) {
    try {
      return Optional.of(OffsetDateTime.parse(node.asString("")).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
