package io.mirrorimages.mirror.plan;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.work.Workers;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The course of a plan: all tags first, which costs nothing anywhere, then the manifests and
 * indexes, then what these refer to. So it can be told what the plan costs where manifests are
 * counted, before they are fetched.
 */
public final class Planning {
  private final Planner planner;
  private final PullCount count;
  private final Workers workers;
  private final int atOnce;
  private final RunListener listener;

  /**
   * @param atOnce how many images are worked on at a time
   * @param listener is told what is foreseen
   */
  public Planning(
      Planner planner, PullCount count, Workers workers, int atOnce, RunListener listener) {
    this.planner = planner;
    this.count = count;
    this.workers = workers;
    this.atOnce = atOnce;
    this.listener = listener;
  }

  /** Plans all; gives as many, in their order. */
  public Planner.Planned[] of(List<ImageRequest> requests) throws IOException {
    Draft[] drafts = requests.stream().map(Draft::of).toArray(Draft[]::new);
    forEach(drafts, i -> drafts[i] = planner.look(drafts[i]));
    count.ofImages(List.of(drafts)).forEach(listener::foreseen);
    forEach(drafts, i -> drafts[i] = planner.read(drafts[i]));
    count.ofIndexes(List.of(drafts)).stream()
        .filter(forecast -> forecast.needed() > 0)
        .forEach(listener::foreseen);
    Planner.Planned[] planned = new Planner.Planned[drafts.length];
    forEach(drafts, i -> planned[i] = planner.plan(drafts[i]));
    count.ofNothing(List.of(drafts)).stream()
        .filter(forecast -> forecast.allowance().made() > 0)
        .forEach(listener::foreseen);
    return planned;
  }

  private void forEach(Draft[] drafts, Workers.Work<Integer> work) throws IOException {
    workers.forEach(IntStream.range(0, drafts.length).boxed().toList(), atOnce, work);
    if (workers.isStopped()) {
      throw Workers.interrupted();
    }
  }
}
