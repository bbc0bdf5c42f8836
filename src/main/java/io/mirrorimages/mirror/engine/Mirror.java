package io.mirrorimages.mirror.engine;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.plan.BlobSizes;
import io.mirrorimages.mirror.plan.ManifestCache;
import io.mirrorimages.mirror.plan.Planned;
import io.mirrorimages.mirror.plan.Planner;
import io.mirrorimages.mirror.plan.Planning;
import io.mirrorimages.mirror.plan.PullCount;
import io.mirrorimages.mirror.plan.SourceCheck;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.presence.BlobPresenceCache;
import io.mirrorimages.mirror.presence.UnavailableBlobs;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.SourceHost;
import io.mirrorimages.mirror.work.TaskQueue;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
    Planned planned =
        TransferPlanner.withoutContradictions(
            planImages(requests, Optional.empty()),
            new BlobSizes(source, scheduler, options.jobs()));
    return new Plan(
        planned.images(), planned.settled(), Plan.Totals.of(planned.images(), Set.of(), Set.of()));
  }

  /** As {@link #plan(List)}, for a target that may have some of the images or blobs already. */
  public Transfer plan(List<ImageRequest> requests, ImageTarget target) throws IOException {
    return plan(requests, target, TargetNaming.SAME);
  }

  /**
   * As {@link #plan(List)}, for a target that may have some of the images or blobs already, and a
   * source that may lack some of them. An image is settled as failed if it lacks a blob that the
   * target should have and does not.
   *
   * @param naming what the source's images are called at the target, also those that are not asked
   *     for
   */
  public Transfer plan(List<ImageRequest> requests, ImageTarget target, TargetNaming naming)
      throws IOException {
    TransferPlanner planner =
        new TransferPlanner(requests, source, target, options, scheduler, naming, listener);
    return new Transfer(
        planner.part(planImages(requests, Optional.of(target))), target, planner.contents());
  }

  /** A plan together with what is known of the target it is for. */
  public final class Transfer {
    private final TransferPlanner.PlanPart part;
    private final ImageTarget target;
    private final BlobPresenceCache contents;

    private Transfer(
        TransferPlanner.PlanPart part, ImageTarget target, BlobPresenceCache contents) {
      this.part = part;
      this.target = target;
      this.contents = contents;
    }

    /** The plan. */
    public Plan plan() {
      return part.plan();
    }

    /** Carries the plan out; see {@link Mirror#carryOut(Plan, ImageTarget)}. */
    public List<ImageResult> carryOut() {
      return Mirror.this.carryOut(part, target, contents);
    }
  }

  /**
   * Carries out a plan that was made for an empty target. Returns one result for each image of the
   * list, the settled ones first; never throws for a single image. After {@link #stop} the
   * remaining images are {@link Status#UNFINISHED}.
   */
  public List<ImageResult> carryOut(Plan plan, ImageTarget target) {
    BlobPresenceCache contents = new BlobPresenceCache(target);
    return carryOut(
        new TransferPlanner.PlanPart(plan, UnavailableBlobs.none(target, contents)),
        target,
        contents);
  }

  /**
   * How images were copied.
   *
   * @param plan of all images that could be planned
   * @param results one for each image
   */
  public record Copied(Plan plan, List<ImageResult> results) {
    /** A copy of the results. */
    public Copied {
      results = List.copyOf(results);
    }
  }

  /**
   * Plans and copies images. A registry that is away holds up no image of another one: while it is
   * waited for, those are planned and copied; its own follow when it answers, or fail when it is
   * given up. Never throws for a single image. After {@link #stop} the remaining images are {@link
   * Status#UNFINISHED}.
   *
   * @param naming as for {@link #plan(List, ImageTarget, TargetNaming)}
   * @throws IOException if nothing can be copied, as where no registry can be used
   */
  public Copied copy(List<ImageRequest> requests, TargetNaming naming, Preparation preparation)
      throws IOException {
    try (TaskQueue queue = scheduler.open()) {
      List<String> hosts = requests.stream().map(this::host).distinct().toList();
      SourceCheck check = new SourceCheck(hosts, preparation::check, scheduler, queue);
      check.begin();
      ImageTarget target = preparation.target();
      Planning planning = planning(requests, Optional.of(target), queue);
      TransferPlanner planner =
          new TransferPlanner(requests, source, target, options, scheduler, naming, listener);
      check.planIn(planning);
      try (CopyRun run =
          new CopyRun(source, target, options, listener, scheduler, planner.contents())) {
        return new CopyInParts(requests, planning, planner, run, preparation, scheduler, listener)
            .carryOut();
      }
    }
  }

  private String host(ImageRequest request) {
    return SourceHost.of(source, request);
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

  private Planned planImages(List<ImageRequest> requests, Optional<ImageTarget> target)
      throws IOException {
    try (TaskQueue queue = scheduler.open()) {
      return planning(requests, target, queue).all();
    }
  }

  private Planning planning(
      List<ImageRequest> requests, Optional<ImageTarget> target, TaskQueue queue) {
    ManifestCache manifests = new ManifestCache(source, target);
    return new Planning(
        requests,
        new Planner(source, target, options, manifests),
        new PullCount(source, options.filter(), manifests),
        scheduler,
        queue,
        this::host,
        listener);
  }

  private List<ImageResult> carryOut(
      TransferPlanner.PlanPart part, ImageTarget target, BlobPresenceCache contents) {
    try (CopyRun run = new CopyRun(source, target, options, listener, scheduler, contents)) {
      run.begin(part);
      return run.end();
    }
  }
}
