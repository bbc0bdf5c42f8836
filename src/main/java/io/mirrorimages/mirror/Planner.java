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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns one request at a time into a planned image or an early result, asking as little as it can:
 * an image that the target shows with the source's digest costs one HEAD at each side. Thread-safe.
 */
final class Planner {
  private static final int DEEPEST_INDEX = 4;

  private final ImageSource source;
  private final Optional<ImageTarget> target;
  private final PlatformFilter filter;
  private final Retries retries;
  private final Map<Digest, Manifest> children = new ConcurrentHashMap<>();
  private final Map<Descriptor, Descriptor> descriptors = new ConcurrentHashMap<>();

  Planner(
      ImageSource source, Optional<ImageTarget> target, PlatformFilter filter, Retries retries) {
    this.retries = retries;
    this.source = source;
    this.target = target;
    this.filter = filter;
  }

  /** One of the two things a request can become. */
  sealed interface Planned {
    /** To be carried over. */
    record ToCopy(PlannedImage image) implements Planned {}

    /** Ended already. */
    record Settled(ImageResult result) implements Planned {}
  }

  /** Plans one image; failures of the image become its result. */
  Planned plan(ImageRequest request) throws IOException {
    Optional<Digest> known = request.source().digest();
    try {
      Optional<Digest> shown = shownAtTarget(request);
      if (shown.isPresent() && known.isEmpty()) {
        known = source.digest(request.source());
      }
      if (filter.takesAll() && known.isPresent() && known.equals(shown)) {
        return new Planned.Settled(ImageResult.unchanged(request, known.get(), known.get()));
      }
      Manifest top = manifest(request.source(), known);
      known = Optional.of(top.digest());
      return planContent(request, top, shown);
    } catch (IOException | RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw Workers.interrupted();
      }
      return new Planned.Settled(ImageResult.failed(request, known, e));
    }
  }

  /** A tag whose digest does not exist has moved on, or what was said of it was wrong. */
  private Manifest manifest(Reference image, Optional<Digest> known) throws IOException {
    if (known.isEmpty() || image.digest().isPresent()) {
      return fetch(image);
    }
    try {
      return fetch(image.at(known.get()));
    } catch (MirrorException e) {
      if (e.reason() != Reason.MISSING) {
        throw e;
      }
      return fetch(image);
    }
  }

  private Manifest fetch(Reference image) throws IOException {
    return source.manifest(image).sharing(this::shared);
  }

  private Descriptor shared(Descriptor descriptor) {
    Descriptor known = descriptors.putIfAbsent(descriptor, descriptor);
    return known == null ? descriptor : known;
  }

  private Optional<Digest> shownAtTarget(ImageRequest request) throws IOException {
    return target.isPresent() ? target.get().digest(request.target()) : Optional.empty();
  }

  private Planned planContent(ImageRequest request, Manifest sourceTop, Optional<Digest> shown)
      throws IOException {
    Optional<Manifest> top = filtered(request.source(), sourceTop);
    if (top.isEmpty()) {
      return new Planned.Settled(
          ImageResult.skipped(request, sourceTop.digest(), "it has no platform of " + filter));
    }
    if (shown.isPresent() && shown.get().equals(top.get().digest())) {
      return new Planned.Settled(ImageResult.unchanged(request, sourceTop.digest(), shown.get()));
    }
    Map<Digest, Manifest> manifests = new LinkedHashMap<>();
    collect(request.source(), top.get(), manifests, 1);
    List<Manifest> inOrder = List.copyOf(manifests.values());
    return new Planned.ToCopy(
        new PlannedImage(
            request, sourceTop.digest(), inOrder, omitted(request.source().repository(), inOrder)));
  }

  /** What the tag is to show; empty if the filter wants nothing of the image. */
  private Optional<Manifest> filtered(Reference image, Manifest top) throws IOException {
    if (filter.takesAll()) {
      return Optional.of(top);
    }
    if (!top.isIndex()) {
      return filter.takes(platformOf(image.repository(), top))
          ? Optional.of(top)
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
      return Optional.of(child(image, selected.getFirst()));
    }
    Set<Digest> kept = new HashSet<>();
    selected.forEach(entry -> kept.add(entry.digest()));
    return Optional.of(top.keepingOnly(kept));
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
    Manifest known = children.get(entry.digest());
    if (known == null) {
      known = fetch(image.at(entry.digest()));
      children.put(entry.digest(), known);
    }
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
