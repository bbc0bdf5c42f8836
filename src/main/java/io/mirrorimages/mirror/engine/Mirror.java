package io.mirrorimages.mirror.engine;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.plan.BlobSizes;
import io.mirrorimages.mirror.plan.ManifestCache;
import io.mirrorimages.mirror.plan.Planner;
import io.mirrorimages.mirror.plan.Planning;
import io.mirrorimages.mirror.plan.PullCount;
import io.mirrorimages.mirror.port.AdmissionCheck;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.PartialSource;
import io.mirrorimages.mirror.presence.BlobExistenceCheck;
import io.mirrorimages.mirror.presence.BlobPresenceCache;
import io.mirrorimages.mirror.presence.UnavailableBlobs;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.SourceHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private final Scheduler scheduler;

  /** A run from {@code source} that tells {@code listener} how it goes. */
  public Mirror(ImageSource source, MirrorOptions options, RunListener listener) {
    this.source = source;
    this.options = options.with(RunEvent.Retrying.reported(options.retries(), listener));
    this.listener = listener;
    this.scheduler = Scheduler.forJobs(options.jobs());
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
    BlobPresenceCache contents = new BlobPresenceCache(target);
    new BlobExistenceCheck(
            target, contents, scheduler, options.jobs(), planned.images, planned.settled)
        .ask(blob -> partial.lacking(blob).isPresent());
    UnavailableBlobs lacking =
        UnavailableBlobs.of(
            planned.images, source, target, contents, naming, scheduler, options.jobs());
    Set<Repository> own =
        requests.stream().map(r -> r.target().repository()).collect(Collectors.toSet());
    List<PlannedImage> images = new ArrayList<>();
    List<ImageResult> settled = new ArrayList<>(planned.settled);
    for (PlannedImage image : planned.images) {
      Optional<TransferException> refusal =
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

  private Optional<TransferException> keptTag(PlannedImage image) {
    return image
        .replaced()
        .filter(digest -> !options.replacing())
        .map(
            digest ->
                new TransferException(
                    FailureKind.DENIED,
                    "its tag shows another image there, "
                        + digest
                        + ", and is not to be replaced"));
  }

  /** A plan together with what is known of the target it is for. */
  public final class Transfer {
    private final Plan plan;
    private final ImageTarget target;
    private final BlobPresenceCache contents;
    private final UnavailableBlobs lacking;

    private Transfer(
        Plan plan, ImageTarget target, BlobPresenceCache contents, UnavailableBlobs lacking) {
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
    BlobPresenceCache contents = new BlobPresenceCache(target);
    return carryOut(plan, target, contents, UnavailableBlobs.none(target, contents));
  }

  /** Begins nothing more; what is under way may come to its end, until {@link #stop}. */
  public void endSoon() {
    scheduler.endSoon();
  }

  /** Ends the run soon. */
  public void stop() {
    scheduler.stop();
  }

  @Override
  public void close() {
    scheduler.close();
  }

  private record Planned(List<PlannedImage> images, List<ImageResult> settled) {}

  private Planned planImages(List<ImageRequest> requests, Optional<ImageTarget> target)
      throws IOException {
    ManifestCache manifests = new ManifestCache(source, target);
    List<Planner.Planned> planned =
        new Planning(
                new Planner(source, target, options, manifests),
                new PullCount(source, options.filter(), manifests),
                scheduler,
                request -> SourceHost.of(source, request),
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
    Map<PlannedImage, TransferException> wrong =
        new BlobSizes(source, scheduler, options.jobs()).contradictions(images);
    wrong.forEach((image, failure) -> settled.add(failed(image, failure)));
    images.removeIf(wrong::containsKey);
    return new Planned(images, settled);
  }

  private List<ImageResult> carryOut(
      Plan plan, ImageTarget target, BlobPresenceCache contents, UnavailableBlobs lacking) {
    try (CopyRun run =
        new CopyRun(source, target, options, listener, scheduler, contents, lacking)) {
      return run.carryOut(plan);
    }
  }

  private static ImageResult failed(PlannedImage image, IOException failure) {
    return ImageResult.failed(image.request(), Optional.of(image.sourceDigest()), failure);
  }
}
