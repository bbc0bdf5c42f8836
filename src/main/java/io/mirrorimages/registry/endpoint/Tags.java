package io.mirrorimages.registry.endpoint;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.event.RunEvent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds out which digest a tag has. A mirror's answer can be hours old, so the registry itself is
 * asked, by HEAD, which costs nothing anywhere; its content is the same from wherever it comes.
 * Thread-safe.
 */
final class Tags {
  private final RoutedSource source;
  private final Failover walk;
  private final Routing routing;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  Tags(RoutedSource source, Failover walk, Routing routing) {
    this.source = source;
    this.walk = walk;
    this.routing = routing;
  }

  /** The digest of a tag; empty if only the content can tell. */
  Optional<Digest> digest(Reference image) throws IOException {
    Optional<Digest> known = pinned(image);
    return known.isPresent() ? known : atMirrors(image);
  }

  /** The same as far as the registry itself, or all together, have something to say. */
  Optional<Digest> pinned(Reference image) throws IOException {
    return switch (routing.resolve()) {
      case ORIGIN -> atOrigin(image);
      case MIRROR -> Optional.empty();
      case NEWEST -> new NewestImage(source, walk).digest(image);
    };
  }

  /** The registry itself, unless it is not to be asked. */
  Optional<ResolvedEndpoint> origin(Reference image) {
    List<ResolvedEndpoint> all = source.candidates(image.repository());
    return all.stream().filter(by -> by.endpoint().origin()).map(by -> by.among(all)).findFirst();
  }

  private Optional<Digest> atOrigin(Reference image) throws IOException {
    Optional<ResolvedEndpoint> origin = origin(image);
    if (origin.isEmpty()) {
      return Optional.empty();
    }
    ResolvedEndpoint by = origin.get();
    if (!by.health().mayAsk()) {
      tell(by, "it was not to be reached just now");
      return Optional.empty();
    }
    boolean judged = false;
    try {
      Optional<Digest> digest = RoutedSource.head(by, image);
      if (digest.isEmpty()) {
        // It knows no HEAD, or does not say what it has.
        digest = by.manifests().get(by.image(image), by.access()).map(Manifest::digest);
      }
      by.health().well();
      judged = true;
      return digest;
    } catch (TransferException e) {
      Failover.judge(by, e);
      judged = true;
      if (e.reason() == FailureKind.MISSING) {
        return Optional.of(unknownToHead(by, image).orElseThrow(() -> e));
      }
      tell(by, e.getMessage());
      return Optional.empty();
    } finally {
      if (!judged) {
        by.health().unknown();
      }
    }
  }

  /** Some registries have no HEAD, and answer it with 404. */
  private static Optional<Digest> unknownToHead(ResolvedEndpoint by, Reference image)
      throws IOException {
    try {
      return by.manifests().get(by.image(image), by.access()).map(Manifest::digest);
    } catch (TransferException e) {
      return Optional.empty();
    }
  }

  private void tell(ResolvedEndpoint origin, String why) {
    if (told.add(origin.toString())) {
      routing
          .listener()
          .on(
              new RunEvent.Hint(
                  origin
                      + " can't be asked for its tags, so they are taken from its mirrors: "
                      + why));
    }
  }

  /**
   * A digest that the same endpoint does not know as one is a header that is wrong: then only the
   * content can tell.
   */
  private Optional<Digest> atMirrors(Reference image) throws IOException {
    List<ResolvedEndpoint> candidates = source.candidates(image.repository());
    return walk.over(
        candidates,
        image.toString(),
        image.toString(),
        by -> {
          Optional<Digest> digest = RoutedSource.head(by, image);
          if (digest.isEmpty()) {
            return digest;
          }
          boolean known =
              by.manifests().head(by.image(image.at(digest.get())), by.access()).present();
          return known ? digest : Optional.empty();
        });
  }
}
