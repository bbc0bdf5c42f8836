package io.mirrorimages.mirror.engine;

import io.mirrorimages.failure.MirrorException;
import io.mirrorimages.failure.MissingContentException;
import io.mirrorimages.failure.Reason;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.AdmissionCheck;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.ImageTarget;
import io.mirrorimages.mirror.ImageTraffic;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.MultiEndpointSource;
import io.mirrorimages.mirror.PartialSource;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.plan.BlobSizes;
import io.mirrorimages.mirror.plan.NearManifests;
import io.mirrorimages.mirror.plan.Planner;
import io.mirrorimages.mirror.plan.Planning;
import io.mirrorimages.mirror.plan.PullCount;
import io.mirrorimages.mirror.presence.LackingBlobs;
import io.mirrorimages.mirror.presence.Survey;
import io.mirrorimages.mirror.presence.TargetContents;
import io.mirrorimages.mirror.transfer.BlobCopier;
import io.mirrorimages.mirror.work.EachImage;
import io.mirrorimages.mirror.work.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A run of the engine: first {@link #plan}, then {@link #carryOut}. {@link #stop} may be called
 * from any thread at any time; the other methods from one. Neither source nor target is closed
 * here.
 */
public final class Mirror implements AutoCloseable {
  private final ImageSource source;
  private final MirrorOptions options;
  private final RunListener listener;
  private final Workers workers;

  /** A run from {@code source} that tells {@code listener} how it goes. */
  public Mirror(ImageSource source, MirrorOptions options, RunListener listener) {
    this.source = source;
    this.options = options;
    this.listener = listener;
    // Images on their way, or being planned, and as many blobs of theirs.
    this.workers = new Workers(2 * options.jobs());
  }

  /**
   * Resolves and pins every image, in parallel, for a target that is empty (an archive). An image
   * that can't be planned is settled in the plan, not thrown.
   */
  public Plan plan(List<ImageRequest> requests) throws IOException {
    Planned planned = planImages(requests, Optional.empty());
    return new Plan(
        planned.images, planned.settled, Plan.Totals.of(planned.images, Set.of(), Set.of()));
  }

  /** As {@link #plan(List)}, for a target that may have some of the images or blobs already. */
  public Transfer plan(List<ImageRequest> requests, ImageTarget target) throws IOException {
    return plan(requests, target, UnaryOperator.identity());
  }

  /**
   * As {@link #plan(List)}, for a target that may have some of the images or blobs already, and a
   * source that may lack some of them. An image is settled as failed if it lacks a blob that the
   * target should have and does not.
   *
   * @param naming what the source's images are called at the target, also those that are not asked
   *     for
   */
  public Transfer plan(
      List<ImageRequest> requests, ImageTarget target, UnaryOperator<Reference> naming)
      throws IOException {
    Planned planned = planImages(requests, Optional.of(target));
    PartialSource partial = PartialSource.of(source);
    AdmissionCheck admission = AdmissionCheck.of(target);
    TargetContents contents = new TargetContents(target);
    new Survey(target, contents, workers, options.jobs(), planned.images, planned.settled)
        .ask(blob -> partial.lacking(blob).isPresent());
    LackingBlobs lacking =
        LackingBlobs.of(planned.images, source, target, contents, naming, workers, options.jobs());
    Set<Repository> own =
        requests.stream().map(r -> r.target().repository()).collect(Collectors.toSet());
    List<PlannedImage> images = new ArrayList<>();
    List<ImageResult> settled = new ArrayList<>(planned.settled);
    for (PlannedImage image : planned.images) {
      Optional<MirrorException> refusal =
          keptTag(image).or(() -> lacking.refusal(image)).or(() -> admission.refusal(image));
      if (refusal.isEmpty()) {
        Set<Repository> others = new HashSet<>(lacking.holders(image));
        others.removeAll(own);
        images.add(image.mountingFrom(others));
      } else {
        settled.add(failed(image, refusal.get()));
      }
    }
    Plan plan =
        new Plan(images, settled, Plan.Totals.of(images, contents.present(), lacking.digests()));
    return new Transfer(plan, target, contents, lacking);
  }

  private Optional<MirrorException> keptTag(PlannedImage image) {
    return image
        .replaced()
        .filter(digest -> !options.replacing())
        .map(
            digest ->
                new MirrorException(
                    Reason.DENIED,
                    "its tag shows another image there, "
                        + digest
                        + ", and is not to be replaced"));
  }

  /** A plan together with what is known of the target it is for. */
  public final class Transfer {
    private final Plan plan;
    private final ImageTarget target;
    private final TargetContents contents;
    private final LackingBlobs lacking;

    private Transfer(Plan plan, ImageTarget target, TargetContents contents, LackingBlobs lacking) {
      this.plan = plan;
      this.target = target;
      this.contents = contents;
      this.lacking = lacking;
    }

    /** The plan. */
    public Plan plan() {
      return plan;
    }

    /** Carries the plan out; see {@link Mirror#carryOut(Plan, ImageTarget)}. */
    public List<ImageResult> carryOut() {
      return Mirror.this.carryOut(plan, target, contents, lacking);
    }
  }

  /**
   * Carries out a plan that was made for an empty target. Returns one result for each image of the
   * list, the settled ones first; never throws for a single image. After {@link #stop} the
   * remaining images are {@link Status#UNFINISHED}.
   */
  public List<ImageResult> carryOut(Plan plan, ImageTarget target) {
    TargetContents contents = new TargetContents(target);
    return carryOut(plan, target, contents, LackingBlobs.none(target, contents));
  }

  /** Begins nothing more; what is under way may come to its end, until {@link #stop}. */
  public void endSoon() {
    workers.endSoon();
  }

  /** Ends the run soon. */
  public void stop() {
    workers.stop();
  }

  @Override
  public void close() {
    workers.close();
  }

  private record Planned(List<PlannedImage> images, List<ImageResult> settled) {}

  private Planned planImages(List<ImageRequest> requests, Optional<ImageTarget> target)
      throws IOException {
    NearManifests manifests = new NearManifests(source, target);
    // Planning is many small requests that mostly wait, so twice as many are under way as blobs
    // will be.
    Planner.Planned[] planned =
        new Planning(
                new Planner(source, target, options, manifests),
                new PullCount(source, options.filter(), manifests),
                workers,
                2 * options.jobs(),
                listener)
            .of(requests);
    List<PlannedImage> images = new ArrayList<>();
    List<ImageResult> settled = new ArrayList<>();
    for (Planner.Planned one : planned) {
      switch (one) {
        case Planner.Planned.ToCopy(PlannedImage image) -> images.add(image);
        case Planner.Planned.Settled(ImageResult result) -> settled.add(result);
      }
    }
    Map<PlannedImage, MirrorException> wrong =
        new BlobSizes(source, workers, options.jobs()).contradictions(images);
    wrong.forEach((image, failure) -> settled.add(failed(image, failure)));
    images.removeIf(wrong::containsKey);
    return new Planned(images, settled);
  }

  private List<ImageResult> carryOut(
      Plan plan, ImageTarget target, TargetContents contents, LackingBlobs lacking) {
    listener.planned(plan);
    plan.settled().forEach(listener::ended);
    BlobCopier blobs = new BlobCopier(source, target, contents, options, workers);
    List<PlannedImage> images = plan.images();
    List<ImageResult> all = new ArrayList<>(plan.settled());
    all.addAll(
        EachImage.in(
            images.stream().map(PlannedImage::request).toList(),
            options.jobs(),
            workers,
            listener,
            i -> copy(images.get(i), target, contents, blobs, lacking)));
    return all;
  }

  private static ImageResult failed(PlannedImage image, IOException failure) {
    return ImageResult.failed(image.request(), Optional.of(image.sourceDigest()), failure);
  }

  private ImageResult copy(
      PlannedImage image,
      ImageTarget target,
      TargetContents contents,
      BlobCopier blobs,
      LackingBlobs lacking) {
    long began = System.nanoTime();
    ImageRequest request = image.request();
    AtomicLong moved = new AtomicLong();
    ImageTraffic traffic = new ImageTraffic(listener);
    Bringing bringing = (from, to, blob) -> blobs.bring(from, to, blob, traffic);
    try {
      // What is there goes over in any case: the rest may come another day, from another volume.
      List<Descriptor> here =
          image.blobs().stream().filter(blob -> !lacking.contains(image, blob.digest())).toList();
      bring(image, here, moved, blobs, bringing);
      Optional<MirrorException> incomplete = lacking.failure(image);
      if (incomplete.isPresent()) {
        throw incomplete.get();
      }
      // What an image of many hours began with may have been cleared away before its end.
      Repository to = request.target().repository();
      List<Descriptor> old =
          here.stream().filter(blob -> contents.isOld(to, blob.digest())).toList();
      bring(image, old, moved, blobs, bringing);
      options
          .retries()
          .call(
              () -> {
                try {
                  moved.addAndGet(put(image, target));
                  return null;
                } catch (MissingContentException e) {
                  bring(
                      image,
                      here,
                      moved,
                      blobs,
                      (from, into, blob) -> blobs.bringAgain(from, into, blob, traffic));
                  throw MirrorException.passing(
                      Reason.NETWORK, e.getMessage(), e, Optional.empty());
                } catch (IOException e) {
                  throw Retries.spent(e);
                }
              });
      contents.named(to, here);
      return ImageResult.copied(
          image,
          moved.get(),
          Duration.ofNanos(System.nanoTime() - began),
          MultiEndpointSource.of(source).provenance(image));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      ImageResult end =
          workers.isStopped()
              ? ImageResult.unfinished(request)
              : ImageResult.failed(request, Optional.of(image.sourceDigest()), e);
      return end.after(traffic.bytes(), Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** A way to bring a blob, which gives the bytes it moved. */
  private interface Bringing {
    long bring(Repository from, Repository to, Descriptor blob) throws IOException;
  }

  /**
   * All blobs, those last that another image is bringing just now. What could not be brought is not
   * tried again above.
   */
  private void bring(
      PlannedImage image,
      List<Descriptor> blobs,
      AtomicLong moved,
      BlobCopier copier,
      Bringing bringing)
      throws IOException {
    Repository from = image.request().source().repository();
    Repository to = image.request().target().repository();
    try {
      Queue<Descriptor> busy = new ConcurrentLinkedQueue<>();
      workers.forEach(
          blobs,
          options.jobs(),
          blob -> {
            if (copier.isBusyWith(blob.digest())) {
              busy.add(blob);
            } else {
              moved.addAndGet(bringing.bring(from, to, blob));
            }
          });
      workers.forEach(
          busy, options.jobs(), blob -> moved.addAndGet(bringing.bring(from, to, blob)));
    } catch (IOException e) {
      throw Retries.spent(e);
    }
  }

  /** All manifests, children first; gives their bytes. */
  @SuppressWarnings("ReferenceEquality") // The top is one of them.
  private static long put(PlannedImage image, ImageTarget target) throws IOException {
    Reference wanted = image.request().target();
    long bytes = 0;
    for (Manifest manifest : image.manifests()) {
      boolean tagged = manifest == image.top() && wanted.tag().isPresent();
      target.put(tagged ? wanted : wanted.at(manifest.digest()), manifest);
      bytes += manifest.bytes().length;
    }
    return bytes;
  }
}
