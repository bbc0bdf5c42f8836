package io.mirrorimages.mirror.plan;

import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.event.Phase;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.Scheduler.ItemTask;
import io.mirrorimages.mirror.work.Scheduler.Task;
import io.mirrorimages.mirror.work.TaskQueue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private final TaskQueue queue;
  private final RunListener listener;
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final Queue<Group> finished = new ConcurrentLinkedQueue<>();

  /**
   * A plan that is not begun yet.
   *
   * @param queue gets the tasks; the caller closes it
   * @param hosts which images wait for each other, and which host they need
   * @param listener is told what is foreseen
   */
  public Planning(
      List<ImageRequest> requests,
      Planner planner,
      PullCount count,
      Scheduler scheduler,
      TaskQueue queue,
      Function<ImageRequest, String> hosts,
      RunListener listener) {
    this.planner = planner;
    this.count = count;
    this.scheduler = scheduler;
    this.queue = queue;
    this.listener = listener;
    Map<String, List<Numbered>> byHost = new LinkedHashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      byHost
          .computeIfAbsent(hosts.apply(requests.get(i)), h -> new ArrayList<>())
          .add(new Numbered(i, requests.get(i)));
    }
    byHost.forEach((host, images) -> groups.put(host, new Group(host, images)));
  }

  /** An image and its place in the list. */
  private record Numbered(int number, ImageRequest request) {}

  /** Plans the images of all hosts; one in the order of the requests for each. */
  public Planned all() throws IOException {
    groups.values().forEach(Group::begin);
    queue.await();
    return collect();
  }

  /** Begins to plan the images of one host; does not wait. */
  public void begin(String host) {
    group(host).begin();
  }

  /** Plans the images of one host as failed. */
  public void fail(String host, IOException failure) {
    group(host).fail(failure);
  }

  private Group group(String host) {
    return Objects.requireNonNull(groups.get(host), host);
  }

  /**
   * Waits for the images of further hosts: for those of all hosts that were begun, or, while the
   * others wait for hosts that are away, for those that are planned, if there is anything to copy.
   *
   * @return what was planned since the last call; empty if nothing is left
   */
  public Optional<Planned> next() throws IOException {
    queue.awaitOrStall(() -> finished.stream().anyMatch(Group::hasImages));
    return finished.isEmpty() ? Optional.empty() : Optional.of(collect());
  }

  private Planned collect() throws InterruptedIOException {
    if (scheduler.isStopped()) {
      throw Scheduler.interrupted();
    }
    SortedMap<Integer, Planner.Outcome> planned = new TreeMap<>();
    for (Group group = finished.poll(); group != null; group = finished.poll()) {
      planned.putAll(group.planned);
    }
    return Planned.of(planned.values());
  }

  /** The images of one host. */
  private final class Group {
    private final String host;
    private final List<Numbered> images;
    private final ImageResolution[] drafts;
    private final Map<Integer, Planner.Outcome> planned = new ConcurrentHashMap<>();

    Group(String host, List<Numbered> images) {
      this.host = host;
      this.images = images;
      this.drafts =
          images.stream()
              .map(Numbered::request)
              .map(ImageResolution::of)
              .toArray(ImageResolution[]::new);
    }

    void begin() {
      forEach(Phase.TAGS, i -> drafts[i] = planner.look(drafts[i]), this::read);
    }

    void fail(IOException failure) {
      for (Numbered image : images) {
        planned.put(
            image.number(),
            new Planner.Outcome.Settled(
                ImageResult.failed(image.request(), Optional.empty(), failure)));
      }
      finished.add(this);
    }

    boolean hasImages() {
      return planned.values().stream().anyMatch(Planner.Outcome.ToCopy.class::isInstance);
    }

    private Optional<Task> read() throws IOException {
      tell(count.ofImages(List.of(drafts)), forecast -> true);
      forEach(Phase.MANIFESTS, i -> drafts[i] = planner.read(drafts[i]), this::plan);
      return Optional.empty();
    }

    private Optional<Task> plan() throws IOException {
      tell(count.ofIndexes(List.of(drafts)), forecast -> forecast.needed() > 0);
      forEach(
          Phase.PLATFORMS,
          i -> planned.put(images.get(i).number(), planner.plan(drafts[i])),
          this::end);
      return Optional.empty();
    }

    private Optional<Task> end() throws IOException {
      tell(count.ofNothing(List.of(drafts)), forecast -> forecast.allowance().made() > 0);
      finished.add(this);
      return Optional.empty();
    }

    private void tell(List<PullForecast> forecasts, Predicate<PullForecast> worthTelling) {
      forecasts.stream()
          .filter(worthTelling)
          .forEach(forecast -> listener.on(new RunEvent.PullsForeseen(forecast)));
    }

    /** A step of each image, and then that of the whole group. */
    private void forEach(Phase phase, ItemTask<Integer> work, Task then) {
      listener.on(new RunEvent.StepsAdded(phase, drafts.length));
      AtomicInteger left = new AtomicInteger(drafts.length);
      queue.add(
          host,
          IntStream.range(0, drafts.length)
              .<Task>mapToObj(
                  i ->
                      () -> {
                        work.on(i);
                        listener.on(new RunEvent.StepEnded(phase));
                        return left.decrementAndGet() == 0 ? Optional.of(then) : Optional.empty();
                      })
              .toList());
    }
  }
}
