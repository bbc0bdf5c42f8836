package io.mirrorimages.mirror.engine;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestBudget;
import io.mirrorimages.image.ManifestGraph;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.ImageTraffic;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.event.RunTraffic;
import io.mirrorimages.mirror.plan.PlatformParts;
import io.mirrorimages.mirror.port.ExternalBlob;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.LocalSource;
import io.mirrorimages.mirror.port.PartialSource;
import io.mirrorimages.mirror.work.BlobTasks;
import io.mirrorimages.mirror.work.EachImage;
import io.mirrorimages.mirror.work.Exclusive;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.Scheduler.Task;
import io.mirrorimages.mirror.work.TaskQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Checks that images are whole where they are: every manifest has its digest, everything it refers
 * to is there with the right size, and, with {@code deep}, every blob's bytes hash to its digest.
 * {@link #stop} may be called from any thread.
 */
public final class Verifier implements AutoCloseable {
  private final ImageSource place;
  private final PartialSource partial;
  private final boolean deep;
  private final int jobs;
  private final Retries retries;
  private final RunListener listener;
  private final Scheduler scheduler;
  private boolean withoutForeignLayers;
  private Optional<PlatformParts> parts = Optional.empty();
  private Optional<PlatformParts> originals = Optional.empty();
  private boolean compared;
  private final Exclusive<Digest> digests = new Exclusive<>();
  private final HashedBlobs hashed;
  private final RunTraffic lines;

  /** Entries of indexes that were found whole with all below them, and their sizes. */
  private final Set<Digest> whole = ConcurrentHashMap.newKeySet();

  /**
   * A check of {@code place}.
   *
   * @param deep whether to read and hash every blob, each digest once
   * @param jobs how many images, and how many blobs of each, are checked at once
   */
  public Verifier(
      ImageSource place, boolean deep, int jobs, Retries retries, RunListener listener) {
    this.place = place;
    this.partial = PartialSource.of(place);
    this.lines = RunTraffic.of(place);
    this.deep = deep;
    this.jobs = jobs;
    this.retries = RunEvent.Retrying.reported(retries, listener);
    this.listener = listener;
    this.scheduler = Scheduler.forJobs(jobs);
    this.hashed = new HashedBlobs(place, this.retries, scheduler);
  }

  /**
   * Whether an image is whole without the foreign layers that are missing; not unless it is said,
   * before the check begins.
   */
  public Verifier withoutForeignLayers(boolean allowed) {
    withoutForeignLayers = allowed;
    return this;
  }

  /**
   * Checks only what {@code filter} takes of each image, before the check begins. A tag may then
   * show the whole image, or what was brought of it with the same filter.
   *
   * @param original where the images were brought from, which has those that requests pin: of what
   *     has none of these platforms there, nothing was brought; {@code place} if it is not known
   */
  public Verifier only(PlatformFilter filter, ImageSource original) {
    if (!filter.takesAll()) {
      parts = Optional.of(new PlatformParts(filter, place, retries));
      originals = Optional.of(new PlatformParts(filter, original, retries));
      compared = !original.equals(place);
    }
    return this;
  }

  /**
   * Checks each request's {@code target} at the place; where its {@code source} is pinned by
   * digest, the tag must show that digest. One result for each request, in their order.
   */
  public List<ImageResult> verify(List<ImageRequest> requests) {
    // Questions are small; of blobs that are hashed, no more at once than were asked for.
    try (TaskQueue queue = deep ? scheduler.open(jobs) : scheduler.open()) {
      return EachImage.in(
          requests.stream().map(request -> new ImageCheck(request, queue)).toList(),
          queue,
          listener);
    }
  }

  /** Ends the check soon; what is not checked by then is {@link Status#UNFINISHED}. */
  public void stop() {
    scheduler.stop();
  }

  @Override
  public void close() {
    scheduler.close();
  }

  /** The check of one image: its manifests, then its blobs, each a task. */
  private final class ImageCheck implements EachImage.Job {
    private final ImageRequest request;
    private final TaskQueue queue;
    private final AtomicLong bytes = new AtomicLong();
    private final ImageTraffic traffic = new ImageTraffic(listener, lines);
    private final Set<String> elsewhere = new ConcurrentSkipListSet<>();
    private long began;

    ImageCheck(ImageRequest request, TaskQueue queue) {
      this.request = request;
      this.queue = queue;
    }

    @Override
    public String host() {
      return "";
    }

    @Override
    public ImageResult unfinished() {
      return ImageResult.unfinished(request);
    }

    @Override
    public Optional<Task> begin(EachImage.Result result) {
      began = System.nanoTime();
      try {
        Reference target = request.target();
        // By tag, even where the list pins a digest: what counts is what the tag shows.
        Manifest top =
            place.manifest(
                target.tag().isPresent()
                    ? new Reference(target.repository(), target.tag(), Optional.empty())
                    : target);
        checkDigest(request, top);
        Optional<Manifest> part = parts.isEmpty() ? Optional.of(top) : parts.get().of(target, top);
        if (part.isEmpty()) {
          return result.is(
              ImageResult.skipped(
                  request, top.digest(), "it has no platform of " + parts.get().filter()));
        }
        ManifestBudget held = new ManifestBudget();
        Collection<Descriptor> blobs = blobs(target, part.get(), held);
        // Only hashing is worth waiting for another image that does it.
        return new BlobTasks(queue, host(), deep ? digests : new Exclusive<>())
            .begin(
                blobs,
                blob -> bytes.addAndGet(check(target.repository(), blob, traffic, elsewhere)),
                failure -> result.is(result(top, held, failure)));
      } catch (IOException | RuntimeException | StackOverflowError e) {
        return result.is(isFilteredAtOriginal(e) ? filteredAtOriginal() : failed(e));
      }
    }

    private boolean isFilteredAtOriginal(Throwable e) {
      return compared
          && e instanceof TransferException missing
          && missing.reason() == FailureKind.MISSING
          && request.source().digest().isPresent()
          && originals.orElseThrow().isNothingOf(request.source());
    }

    private ImageResult filteredAtOriginal() {
      return ImageResult.skipped(
          request,
          request.source().digest().orElseThrow(),
          "it has no platform of " + originals.orElseThrow().filter());
    }

    private ImageResult result(Manifest top, ManifestBudget held, Optional<Throwable> failure) {
      if (failure.isPresent()) {
        return failed(failure.get());
      }
      if (!elsewhere.isEmpty()) {
        return failed(
            new TransferException(
                FailureKind.VOLUME, "the rest of it is in " + String.join(", ", elsewhere)));
      }
      if (LocalSource.is(place)) {
        // All repositories share what is in a file: many indexes of one image read it once.
        whole.addAll(held.digests());
      }
      return ImageResult.verified(
              request, top.digest(), bytes.get(), Duration.ofNanos(System.nanoTime() - began))
          .moving(traffic.counts())
          .forAnyPlatform(!top.isIndex() && !top.isContainerImage());
    }

    private ImageResult failed(Throwable e) {
      ImageResult end =
          scheduler.isStopped()
              ? ImageResult.unfinished(request)
              : ImageResult.failed(request, request.source().digest(), e);
      return end.moving(traffic.counts());
    }
  }

  /** Fails if the tag shows another image than the one that the request pins, or a part of it. */
  private void checkDigest(ImageRequest request, Manifest top) throws IOException {
    Optional<Digest> expected = request.source().digest();
    if (expected.isEmpty() || expected.get().equals(top.digest())) {
      return;
    }
    Optional<Digest> part =
        originals.isEmpty() ? Optional.empty() : originals.get().digest(request.source());
    if (part.filter(top.digest()::equals).isEmpty()) {
      throw new TransferException(
          FailureKind.MISSING,
          "its tag shows " + top.digest() + " there, not " + part.orElse(expected.get()));
    }
  }

  /** The blobs of an image that have to be there, but for those below entries that are whole. */
  private Collection<Descriptor> blobs(Reference image, Manifest top, ManifestBudget held)
      throws IOException {
    Map<Digest, Descriptor> blobs = new HashMap<>();
    new ManifestGraph(
            entry ->
                whole.contains(entry.digest())
                    ? Optional.empty()
                    : Optional.of(place.manifest(image.at(entry.digest()))))
        .walk(
            top,
            held,
            (entry, manifest) -> {
              for (Descriptor blob : manifest.blobs()) {
                if (mustBeThere(image, blob)) {
                  blobs.putIfAbsent(blob.digest(), blob);
                }
              }
            });
    return blobs.values();
  }

  private boolean mustBeThere(Reference image, Descriptor blob) throws IOException {
    boolean mayBeMissing = withoutForeignLayers && MediaTypes.isNonDistributable(blob.mediaType());
    return !mayBeMissing || place.has(image.repository(), blob);
  }

  /**
   * The bytes that were hashed for it.
   *
   * @param traffic counts what is read for it
   * @param elsewhere gets the volume that it is in, if that was not given
   */
  private long check(
      Repository repository, Descriptor blob, ImageTraffic traffic, Set<String> elsewhere)
      throws IOException {
    if (!place.has(repository, blob)) {
      Optional<ExternalBlob> lacking = partial.lacking(blob);
      if (lacking.isPresent() && lacking.get().expectedAtTarget()) {
        // Left out on purpose: it is the target that must have it.
        return 0;
      }
      if (lacking.isPresent()) {
        elsewhere.add(lacking.get().where());
        return 0;
      }
      throw new TransferException(
          FailureKind.MISSING, "blob " + blob.digest() + " is missing, or has another size");
    }
    return deep ? hashed.check(repository, blob, traffic) : 0;
  }
}
