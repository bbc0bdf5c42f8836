package io.mirrorimages.mirror.plan;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestBudget;
import io.mirrorimages.image.ManifestGraph;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.RateLimitedSource;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Turns one request at a time into a planned image or an early result, asking as little as it can:
 * an image that the target shows with the source's digest costs one HEAD at each side. The steps
 * are {@link #look}, {@link #read} and {@link #plan}. Thread-safe.
 */
public final class Planner {
  /** A pebibyte: no disk and no registry holds such an image. */
  private static final long LARGEST_IMAGE = 1L << 50;

  private final ImageSource source;
  private final Optional<ImageTarget> target;
  private final PlatformFilter filter;
  private final boolean withoutForeignLayers;
  private final boolean imagesOnly;
  private final ManifestCache manifests;
  private final PlatformSelection selection;

  public Planner(
      ImageSource source,
      Optional<ImageTarget> target,
      MirrorOptions options,
      ManifestCache manifests) {
    this.source = source;
    this.target = target;
    this.filter = options.filter();
    this.withoutForeignLayers = options.withoutForeignLayers();
    this.imagesOnly = options.imagesOnly();
    this.manifests = manifests;
    this.selection = new PlatformSelection(filter, source, options.retries(), manifests);
  }

  /** One of the two things a request can become. */
  public sealed interface Outcome {
    /** To be carried over. */
    record ToCopy(PlannedImage image) implements Outcome {}

    /** Ended already. */
    record Settled(ImageResult result) implements Outcome {}
  }

  /** A step; failures of the image become its result. */
  private interface Step {
    ImageResolution done() throws IOException;
  }

  private static ImageResolution guarded(ImageResolution draft, Step step) throws IOException {
    if (!draft.isOpen()) {
      return draft;
    }
    try {
      return step.done();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      if (Thread.currentThread().isInterrupted()) {
        throw Scheduler.interrupted();
      }
      return draft.ended(ImageResult.failed(draft.request(), draft.known(), e));
    }
  }

  /** Asks for digests. */
  ImageResolution look(ImageResolution fresh) throws IOException {
    return guarded(
        fresh,
        () -> {
          ImageRequest request = fresh.request();
          ImageResolution draft =
              target.isPresent() ? fresh.shown(target.get().resolve(request.target())) : fresh;
          if (draft.known().isEmpty()) {
            draft = draft.known(said(request.source(), draft.shown().isPresent()));
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
  private Optional<Digest> said(Reference image, boolean comparable) throws IOException {
    try {
      return comparable ? source.resolve(image) : RateLimitedSource.of(source).pin(image);
    } catch (TransferException e) {
      if (e.reason() != FailureKind.MISSING) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Reads the manifest or index, and what is near of that which it refers to. */
  ImageResolution read(ImageResolution draft) throws IOException {
    return guarded(
        draft,
        () -> {
          Manifest top =
              draft.top().isPresent()
                  ? draft.top().get()
                  : manifest(draft.request().source(), draft.known());
          if (filter.takesAll()) {
            findNear(draft, top);
          }
          return draft.with(top);
        });
  }

  private void findNear(ImageResolution draft, Manifest top) throws IOException {
    ManifestBudget held = new ManifestBudget();
    try {
      for (Descriptor entry : top.children()) {
        manifests.near(draft, entry.digest()).ifPresent(held::add);
      }
    } catch (InvalidContentException e) {
      manifests.forget(held.digests());
      throw e;
    }
  }

  /** A tag whose digest does not exist has moved on, or what was said of it was wrong. */
  private Manifest manifest(Reference image, Optional<Digest> known) throws IOException {
    if (known.isEmpty() || image.digest().isPresent()) {
      return manifests.fetch(image);
    }
    try {
      return manifests.fetch(image, known.get());
    } catch (TransferException e) {
      if (e.reason() != FailureKind.MISSING) {
        throw e;
      }
      return manifests.fetch(image);
    }
  }

  /** Plans an image that has been read. */
  Outcome plan(ImageResolution draft) throws IOException {
    List<PlannedImage> planned = new ArrayList<>();
    ImageResolution end =
        guarded(
            draft,
            () -> {
              ManifestBudget held = new ManifestBudget();
              try {
                Optional<ImageResult> early = planContent(draft, held, planned::add);
                return early.isPresent() ? draft.ended(early.get()) : draft;
              } catch (IOException | RuntimeException e) {
                manifests.forget(held.digests());
                throw e;
              }
            });
    return end.isOpen()
        ? new Outcome.ToCopy(planned.getFirst())
        : new Outcome.Settled(end.result().orElseThrow());
  }

  private Optional<ImageResult> planContent(
      ImageResolution draft, ManifestBudget held, Consumer<PlannedImage> planned)
      throws IOException {
    ImageRequest request = draft.request();
    Manifest sourceTop = draft.top().orElseThrow();
    Optional<PlatformSelection.Wanted> wanted = selection.of(request.source(), sourceTop, held);
    if (wanted.isEmpty()) {
      return Optional.of(
          ImageResult.skipped(request, sourceTop.digest(), "it has no platform of " + filter));
    }
    Digest digest = wanted.get().descriptor().digest();
    if (draft.shown().filter(digest::equals).isPresent()) {
      return Optional.of(
          ImageResult.unchanged(request, sourceTop.digest(), digest)
              .forAnyPlatform(!sourceTop.isIndex() && !sourceTop.isContainerImage()));
    }
    Manifest top =
        wanted.get().manifest().isPresent()
            ? wanted.get().manifest().get()
            : manifests.child(request.source(), wanted.get().descriptor(), held);
    if (imagesOnly && !top.isIndex() && !top.isContainerImage()) {
      return Optional.of(ImageResult.noImage(request, sourceTop.digest(), top));
    }
    List<Manifest> found = new ArrayList<>();
    new ManifestGraph(entry -> Optional.of(manifests.child(request.source(), entry, held)))
        .walkChildrenFirst(top, held, (entry, manifest) -> found.add(manifest));
    List<Manifest> inOrder = List.copyOf(found);
    Set<Digest> omitted = omitted(request.source().repository(), inOrder);
    if (!omitted.isEmpty() && !withoutForeignLayers) {
      throw new TransferException(
          FailureKind.MISSING,
          "its source does not have %d foreign layer(s) of it, only their maker's server has, as %s: leave their platform out with %s, or take the image without them with %s"
              .formatted(
                  omitted.size(),
                  omitted.iterator().next(),
                  Setting.PLATFORM,
                  Setting.ALLOW_MISSING_FOREIGN_LAYERS));
    }
    PlannedImage image =
        new PlannedImage(request, sourceTop.digest(), inOrder, omitted)
            .replacing(draft.shown().filter(shown -> request.target().tag().isPresent()));
    checkSize(image);
    planned.accept(image);
    return Optional.empty();
  }

  /** So that sums over many images have a meaning. */
  private static void checkSize(PlannedImage image) {
    long left = LARGEST_IMAGE;
    for (Descriptor blob : image.blobs()) {
      if (blob.size() > left) {
        throw new InvalidContentException(
            "its manifests say that it has more than "
                + LARGEST_IMAGE
                + " bytes, "
                + blob.digest()
                + " alone "
                + blob.size());
      }
      left -= blob.size();
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
