package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.ImageConfig;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Turns one request at a time into a planned image or an early result, asking as little as it can:
 * an image that the target shows with the source's digest costs one HEAD at each side. The steps
 * are {@link #look}, {@link #read} and {@link #plan}. Thread-safe.
 */
final class Planner {
  private static final int DEEPEST_INDEX = 4;

  private final ImageSource source;
  private final Optional<ImageTarget> target;
  private final PlatformFilter filter;
  private final Retries retries;
  private final NearManifests manifests;

  Planner(
      ImageSource source,
      Optional<ImageTarget> target,
      PlatformFilter filter,
      Retries retries,
      NearManifests manifests) {
    this.retries = retries;
    this.source = source;
    this.target = target;
    this.filter = filter;
    this.manifests = manifests;
  }

  /** One of the two things a request can become. */
  sealed interface Planned {
    /** To be carried over. */
    record ToCopy(PlannedImage image) implements Planned {}

    /** Ended already. */
    record Settled(ImageResult result) implements Planned {}
  }

  /** A step; failures of the image become its result. */
  private interface Step {
    Draft done() throws IOException;
  }

  private static Draft guarded(Draft draft, Step step) throws IOException {
    if (!draft.isOpen()) {
      return draft;
    }
    try {
      return step.done();
    } catch (IOException | RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw Workers.interrupted();
      }
      return draft.ended(ImageResult.failed(draft.request(), draft.known(), e));
    }
  }

  /** Asks for digests. */
  Draft look(Draft fresh) throws IOException {
    return guarded(
        fresh,
        () -> {
          ImageRequest request = fresh.request();
          Draft draft =
              target.isPresent() ? fresh.shown(target.get().digest(request.target())) : fresh;
          if (draft.known().isEmpty()) {
            draft =
                draft.known(
                    draft.shown().isPresent()
                        ? source.digest(request.source())
                        : pinned(request.source()));
          }
          if (filter.takesAll()
              && draft.known().isPresent()
              && draft.known().equals(draft.shown())) {
            return draft.ended(
                ImageResult.unchanged(request, draft.known().get(), draft.known().get()));
          }
          Optional<Manifest> near =
              draft.known().isPresent()
                  ? manifests.near(draft, draft.known().get())
                  : Optional.empty();
          return near.isPresent() ? draft.with(near.get()) : draft;
        });
  }

  /** One that is said to be missing may only be unknown to HEAD: the content tells. */
  private Optional<Digest> pinned(Reference image) throws IOException {
    try {
      return source.pin(image);
    } catch (MirrorException e) {
      if (e.reason() != Reason.MISSING) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Reads the manifest or index, and what is near of that which it refers to. */
  Draft read(Draft draft) throws IOException {
    return guarded(
        draft,
        () -> {
          Manifest top =
              draft.top().isPresent()
                  ? draft.top().get()
                  : manifest(draft.request().source(), draft.known());
          if (filter.takesAll()) {
            for (Descriptor entry : top.children()) {
              manifests.near(draft, entry.digest());
            }
          }
          return draft.with(top);
        });
  }

  /** A tag whose digest does not exist has moved on, or what was said of it was wrong. */
  private Manifest manifest(Reference image, Optional<Digest> known) throws IOException {
    if (known.isEmpty() || image.digest().isPresent()) {
      return manifests.fetch(image);
    }
    try {
      return manifests.fetch(image, known.get());
    } catch (MirrorException e) {
      if (e.reason() != Reason.MISSING) {
        throw e;
      }
      return manifests.fetch(image);
    }
  }

  /** Plans an image that has been read. */
  Planned plan(Draft draft) throws IOException {
    List<PlannedImage> planned = new ArrayList<>();
    Draft end =
        guarded(
            draft,
            () -> {
              Optional<ImageResult> early = planContent(draft, planned::add);
              return early.isPresent() ? draft.ended(early.get()) : draft;
            });
    return end.isOpen()
        ? new Planned.ToCopy(planned.getFirst())
        : new Planned.Settled(end.result().orElseThrow());
  }

  /** What the tag is to show. */
  private record Wanted(Descriptor descriptor, Optional<Manifest> manifest) {
    static Wanted of(Manifest manifest) {
      return new Wanted(manifest.descriptor(), Optional.of(manifest));
    }
  }

  private Optional<ImageResult> planContent(Draft draft, Consumer<PlannedImage> planned)
      throws IOException {
    ImageRequest request = draft.request();
    Manifest sourceTop = draft.top().orElseThrow();
    Optional<Wanted> wanted = filtered(request.source(), sourceTop);
    if (wanted.isEmpty()) {
      return Optional.of(
          ImageResult.skipped(request, sourceTop.digest(), "it has no platform of " + filter));
    }
    Digest digest = wanted.get().descriptor().digest();
    if (draft.shown().filter(digest::equals).isPresent()) {
      return Optional.of(ImageResult.unchanged(request, sourceTop.digest(), digest));
    }
    Manifest top =
        wanted.get().manifest().isPresent()
            ? wanted.get().manifest().get()
            : child(request.source(), wanted.get().descriptor());
    Map<Digest, Manifest> found = new LinkedHashMap<>();
    collect(request.source(), top, found, 1);
    List<Manifest> inOrder = List.copyOf(found.values());
    planned.accept(
        new PlannedImage(
            request, sourceTop.digest(), inOrder, omitted(request.source().repository(), inOrder)));
    return Optional.empty();
  }

  /**
   * What the tag is to show; empty if the filter wants nothing of the image. One manifest out of an
   * index is not fetched here: what has not changed needs not be.
   */
  private Optional<Wanted> filtered(Reference image, Manifest top) throws IOException {
    if (filter.takesAll()) {
      return Optional.of(Wanted.of(top));
    }
    if (!top.isIndex()) {
      return filter.takes(platformOf(image.repository(), top))
          ? Optional.of(Wanted.of(top))
          : Optional.empty();
    }
    List<Descriptor> selected =
        filter.select(
            top,
            entry ->
                MediaTypes.isIndex(entry.mediaType())
                    ? Optional.empty()
                    : platformOf(image.repository(), child(image, entry)));
    if (selected.isEmpty()) {
      return Optional.empty();
    }
    if (filter.wanted().size() == 1) {
      return Optional.of(new Wanted(selected.getFirst(), Optional.empty()));
    }
    Set<Digest> kept = new HashSet<>();
    selected.forEach(entry -> kept.add(entry.digest()));
    return Optional.of(Wanted.of(top.keepingOnly(kept)));
  }

  /** The manifest and all below it, children before their index. */
  private void collect(Reference image, Manifest manifest, Map<Digest, Manifest> found, int depth)
      throws IOException {
    checkDepth(depth);
    for (Descriptor entry : manifest.children()) {
      if (!found.containsKey(entry.digest())) {
        collect(image, child(image, entry), found, depth + 1);
      }
    }
    found.putIfAbsent(manifest.digest(), manifest);
  }

  /** Indexes within indexes, as far as anybody makes them; {@code depth} is 1 for the first. */
  static void checkDepth(int depth) {
    if (depth > DEEPEST_INDEX) {
      throw new InvalidContentException("indexes are nested more than " + DEEPEST_INDEX + " deep");
    }
  }

  private Manifest child(Reference image, Descriptor entry) throws IOException {
    Manifest known = manifests.fetch(image, entry.digest());
    if (known.bytes().length != entry.size()) {
      throw new InvalidContentException(
          "the index says that "
              + entry.digest()
              + " has "
              + entry.size()
              + " bytes, it has "
              + known.bytes().length);
    }
    return known;
  }

  private Optional<Platform> platformOf(Repository repository, Manifest manifest)
      throws IOException {
    Optional<Descriptor> config =
        manifest.config().filter(c -> MediaTypes.isImageConfig(c.mediaType()));
    if (config.isEmpty()) {
      return Optional.empty();
    }
    if (config.get().size() > Manifest.LARGEST) {
      throw new InvalidContentException(
          "the image config has "
              + config.get().size()
              + " bytes, more than the "
              + Manifest.LARGEST
              + " allowed");
    }
    try (VerifyingStream in =
        new VerifyingStream(
            new ResumingStream(source, repository, config.get(), retries, RunListener.NONE),
            config.get())) {
      return Optional.of(ImageConfig.platform(in.readAllBytes()));
    }
  }

  /** Layers whose makers keep them from registries, as far as the source keeps to that. */
  private Set<Digest> omitted(Repository repository, List<Manifest> manifests) throws IOException {
    Set<Digest> omitted = new HashSet<>();
    for (Manifest manifest : manifests) {
      for (Descriptor layer : manifest.layers()) {
        if (MediaTypes.isNonDistributable(layer.mediaType()) && !source.has(repository, layer)) {
          omitted.add(layer.digest());
        }
      }
    }
    return omitted;
  }
}
