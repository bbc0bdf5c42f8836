package io.mirrorimages.mirror.engine;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.plan.Planned;
import io.mirrorimages.mirror.plan.Planning;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Copies images while others can't be planned yet because their registry is away. Each part of the
 * plan is complete in itself and joins the copying that runs. For one thread.
 */
final class CopyInParts {
  private final Planning planning;
  private final TransferPlanner planner;
  private final CopyRun run;
  private final Preparation preparation;
  private final Scheduler scheduler;
  private final RunListener listener;
  private final Set<ImageRequest> left;
  private Plan plan = Plan.EMPTY;
  private boolean begun;

  CopyInParts(
      List<ImageRequest> requests,
      Planning planning,
      TransferPlanner planner,
      CopyRun run,
      Preparation preparation,
      Scheduler scheduler,
      RunListener listener) {
    this.left = new LinkedHashSet<>(requests);
    this.planning = planning;
    this.planner = planner;
    this.run = run;
    this.preparation = preparation;
    this.scheduler = scheduler;
    this.listener = listener;
  }

  /**
   * Copies all. What fails as a whole before any image is copied is thrown; later, it is the
   * failure of the images that are not planned yet.
   */
  Mirror.Copied carryOut() throws IOException {
    try {
      for (Optional<Planned> next = planning.next(); next.isPresent(); next = planning.next()) {
        begin(planner.part(next.get()));
      }
    } catch (IOException | RuntimeException e) {
      if (!begun) {
        throw e;
      }
      if (e instanceof InterruptedIOException && !scheduler.isStopped()) {
        // It is this thread that is not to wait any longer.
        Thread.currentThread().interrupt();
      }
      List<ImageResult> ended = run.end();
      return copied(Stream.concat(ended.stream(), notPlanned(e).stream()).toList());
    }
    return copied(run.end());
  }

  private void begin(TransferPlanner.PlanPart part) throws IOException {
    preparation.planned(part.plan());
    run.begin(part);
    begun = true;
    plan = plan.and(part.plan());
    part.plan().images().forEach(image -> left.remove(image.request()));
    part.plan().settled().forEach(result -> left.remove(result.request()));
  }

  private List<ImageResult> notPlanned(Exception failure) {
    boolean stopped = scheduler.isStopped() || failure instanceof InterruptedIOException;
    List<ImageResult> results = new ArrayList<>();
    for (ImageRequest request : left) {
      ImageResult result =
          stopped
              ? ImageResult.unfinished(request)
              : ImageResult.failed(request, Optional.empty(), failure);
      listener.on(new RunEvent.ImageEnded(result));
      results.add(result);
    }
    return results;
  }

  private Mirror.Copied copied(List<ImageResult> results) {
    return new Mirror.Copied(plan, results);
  }
}
