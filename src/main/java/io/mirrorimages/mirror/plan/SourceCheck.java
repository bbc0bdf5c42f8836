package io.mirrorimages.mirror.plan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.work.Scheduler;
import io.mirrorimages.mirror.work.Scheduler.ItemTask;
import io.mirrorimages.mirror.work.Scheduler.Task;
import io.mirrorimages.mirror.work.TaskQueue;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks each source host once before its hundreds of images are planned: all images of a host that
 * can't be used fail at once and for one reason. A host that is away is waited for while the images
 * of the others are planned. Thread-safe.
 */
public final class SourceCheck {
  private final List<String> hosts;
  private final ItemTask<String> check;
  private final Scheduler scheduler;
  private final TaskQueue queue;
  private volatile boolean usable;

  /** The hosts that were checked; empty where one can be used. */
  @GuardedBy("this")
  private final Map<String, Optional<IOException>> checked = new HashMap<>();

  @GuardedBy("this")
  private @Nullable Planning planning;

  /**
   * A check that is not begun yet.
   *
   * @param hosts in the order of the list, each once
   * @param check fails if a host can't be used
   * @param queue gets the tasks, and those of the planning; the caller closes it
   */
  public SourceCheck(
      List<String> hosts, ItemTask<String> check, Scheduler scheduler, TaskQueue queue) {
    this.hosts = List.copyOf(hosts);
    this.check = check;
    this.scheduler = scheduler;
    this.queue = queue;
  }

  /**
   * Begins; waits for all hosts but those that are away, and for these until one can be used.
   *
   * @throws IOException the failure of the first host if none can be used
   */
  public void begin() throws IOException {
    for (String host : hosts) {
      queue.add(host, List.of(() -> run(host)));
    }
    queue.awaitOrStall(() -> usable);
    if (!usable && !hosts.isEmpty()) {
      throw noneUsable(failureOf(hosts.getFirst()), hosts.size());
    }
  }

  private Optional<Task> run(String host) throws IOException {
    Optional<IOException> failure = Optional.empty();
    try {
      check.on(host);
      usable = true;
    } catch (IOException e) {
      if (scheduler.isStopped()) {
        throw Scheduler.interrupted();
      }
      failure = Optional.of(e);
    }
    ended(host, failure);
    return Optional.empty();
  }

  private synchronized void ended(String host, Optional<IOException> failure) {
    checked.put(host, failure);
    if (planning != null) {
      plan(planning, host, failure);
    }
  }

  /** Has the images planned of each host that was checked, and of each further one after that. */
  public synchronized void planIn(Planning following) {
    planning = following;
    checked.forEach((host, failure) -> plan(following, host, failure));
  }

  private static void plan(Planning planning, String host, Optional<IOException> failure) {
    failure.ifPresentOrElse(e -> planning.fail(host, e), () -> planning.begin(host));
  }

  private synchronized IOException failureOf(String host) {
    return Objects.requireNonNull(checked.get(host), host).orElseThrow();
  }

  /** What is thrown when no host can be used; {@code first} is the failure of one. */
  public static IOException noneUsable(IOException first, int hosts) {
    return hosts > 1 && first instanceof TransferException e
        ? new TransferException(
            e.reason(), e.getMessage() + " (none of the " + hosts + " registries can be used)", e)
        : first;
  }
}
