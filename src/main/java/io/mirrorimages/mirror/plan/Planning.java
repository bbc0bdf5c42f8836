package io.mirrorimages.mirror.plan;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.Scheduler.Task;
import io.mirrorimages.mirror.work.Scheduler.Work;
import io.mirrorimages.mirror.work.TaskQueue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The course of a plan, for the images of each registry by themselves: all tags first, which costs
 * nothing anywhere, then the manifests and indexes, then what these refer to. So it can be told
 * what the plan costs where manifests are counted, before they are fetched; and a registry that is
 * away does not hold up the images of another one.
 */
public final class Planning {
  private final Planner planner;
  private final PullCount count;
  private final Scheduler scheduler;
  private final Function<ImageRequest, String> hosts;
  private final RunListener listener;

  /**
   * @param hosts which images wait for each other, and which host they need
   * @param listener is told what is foreseen
   */
  public Planning(
      Planner planner,
      PullCount count,
      Scheduler scheduler,
      Function<ImageRequest, String> hosts,
      RunListener listener) {
    this.planner = planner;
    this.count = count;
    this.scheduler = scheduler;
    this.hosts = hosts;
    this.listener = listener;
  }

  /** Plans all; gives as many, in their order. */
  public List<Planner.Planned> of(List<ImageRequest> requests) throws IOException {
    Planner.Planned[] planned = new Planner.Planned[requests.size()];
    Map<String, List<Integer>> byHost = new LinkedHashMap<>();
    for (int i = 0; i < planned.length; i++) {
      byHost.computeIfAbsent(hosts.apply(requests.get(i)), h -> new ArrayList<>()).add(i);
    }
    try (TaskQueue queue = scheduler.open()) {
      for (Map.Entry<String, List<Integer>> entry : byHost.entrySet()) {
        new Group(entry.getKey(), entry.getValue(), requests, queue, planned).begin();
      }
      queue.await();
    }
    if (scheduler.isStopped()) {
      throw Scheduler.interrupted();
    }
    return List.of(planned);
  }

  /** The images of one host. */
  private final class Group {
    private final String host;
    private final TaskQueue queue;
    private final List<Integer> numbers;
    private final ImageResolution[] drafts;
    private final Planner.Planned[] planned;

    Group(
        String host,
        List<Integer> numbers,
        List<ImageRequest> requests,
        TaskQueue queue,
        Planner.Planned[] planned) {
      this.host = host;
      this.numbers = numbers;
      this.drafts =
          numbers.stream()
              .map(requests::get)
              .map(ImageResolution::of)
              .toArray(ImageResolution[]::new);
      this.queue = queue;
      this.planned = planned;
    }

    void begin() {
      forEach(i -> drafts[i] = planner.look(drafts[i]), this::read);
    }

    private Optional<Task> read() throws IOException {
      tell(count.ofImages(List.of(drafts)), forecast -> true);
      forEach(i -> drafts[i] = planner.read(drafts[i]), this::plan);
      return Optional.empty();
    }

    private Optional<Task> plan() throws IOException {
      tell(count.ofIndexes(List.of(drafts)), forecast -> forecast.needed() > 0);
      forEach(i -> planned[numbers.get(i)] = planner.plan(drafts[i]), this::end);
      return Optional.empty();
    }

    private Optional<Task> end() throws IOException {
      tell(count.ofNothing(List.of(drafts)), forecast -> forecast.allowance().made() > 0);
      return Optional.empty();
    }

    private void tell(List<PullForecast> forecasts, Predicate<PullForecast> worthTelling) {
      forecasts.stream()
          .filter(worthTelling)
          .forEach(forecast -> listener.on(new RunEvent.PullsForeseen(forecast)));
    }

    /** A step of each image, and then that of the whole group. */
    private void forEach(Work<Integer> work, Task then) {
      AtomicInteger left = new AtomicInteger(drafts.length);
      queue.add(
          host,
          IntStream.range(0, drafts.length)
              .<Task>mapToObj(
                  i ->
                      () -> {
                        work.on(i);
                        return left.decrementAndGet() == 0 ? Optional.of(then) : Optional.empty();
                      })
              .toList());
    }
  }
}
