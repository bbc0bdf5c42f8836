package io.mirrorimages.mirror.work;

import io.mirrorimages.mirror.work.Scheduler.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for a thread of a {@link Scheduler}, first in, first out, each for one host. Of
 * those that run at most a certain number is counted. Tasks of a host that a running one waits for
 * are kept back. Thread-safe; its state is guarded by the scheduler's lock.
 */
public final class TaskQueue implements AutoCloseable {
  private final Scheduler scheduler;
  private final int atOnce;
  private final Deque<Queued> tasks = new ArrayDeque<>();
  private final Map<String, Away> away = new HashMap<>();
  private int keptBack;
  private int counted;
  private int running;
  private int paused;
  private @Nullable Throwable failure;

  TaskQueue(Scheduler scheduler, int atOnce) {
    this.scheduler = scheduler;
    this.atOnce = atOnce;
  }

  private record Queued(String host, Task task) {}

  /** A host for which {@link #waiting} tasks wait, and the tasks that are kept back meanwhile. */
  private static final class Away {
    private final Deque<Queued> tasks = new ArrayDeque<>();
    private int waiting;
  }

  /** A condition on the state of a queue. */
  interface Done {
    boolean test();
  }

  /**
   * Adds tasks behind all others.
   *
   * @param host the host that they need, by any name that tells it from others
   */
  public void add(String host, List<Task> more) {
    scheduler.change(() -> more.forEach(task -> tasks.addLast(new Queued(host, task))));
  }

  /** As {@link #add}, before all others, so that what has been begun comes to its end first. */
  public void addFirst(String host, List<Task> more) {
    scheduler.change(() -> more.reversed().forEach(task -> tasks.addFirst(new Queued(host, task))));
  }

  /**
   * Waits until all tasks have ended, also those that were added meanwhile; the first failure of
   * one of them ends it as soon as those that run have ended, and is thrown. If the run is to end,
   * and tasks are left, throws {@link Scheduler#interrupted}. Not for use by a task.
   *
   * <p>If the calling thread is interrupted, no further task is begun, and the exception is thrown
   * at once, though tasks may still run.
   */
  public void await() throws IOException {
    try {
      scheduler.await(() -> running == 0 && (isOver() || isEmpty()));
    } catch (InterruptedException e) {
      fail(Scheduler.interrupted());
      throw Scheduler.interrupted();
    }
    rethrow(failure);
    if (!isEmpty()) {
      throw Scheduler.interrupted();
    }
  }

  /** Drops the tasks that have not begun. */
  @Override
  public void close() {
    scheduler.remove(this);
  }

  private boolean isOver() {
    return failure != null || scheduler.isStopped();
  }

  private boolean isEmpty() {
    return tasks.isEmpty() && keptBack == 0;
  }

  /** Whether a task can begin now. */
  boolean isReady() {
    if (isOver() || counted >= atOnce) {
      return false;
    }
    while (!tasks.isEmpty() && away.containsKey(tasks.getFirst().host())) {
      Queued first = tasks.removeFirst();
      away.get(first.host()).tasks.addLast(first);
      keptBack++;
    }
    return !tasks.isEmpty();
  }

  /** Begins the first task. */
  RunningTask take() {
    Queued first = tasks.removeFirst();
    counted++;
    running++;
    return new RunningTask(this, first.host(), first.task());
  }

  /** A task is counted no more, but may run on. */
  void uncount() {
    scheduler.change(() -> counted--);
  }

  void ended() {
    scheduler.change(() -> running--);
  }

  void fail(Throwable e) {
    scheduler.change(() -> failure = failure == null ? e : failure);
  }

  /** A task waits for its host. */
  void pause(String host, boolean isCounted) {
    scheduler.change(
        () -> {
          away.computeIfAbsent(host, h -> new Away()).waiting++;
          counted -= isCounted ? 1 : 0;
          paused++;
        });
  }

  /** It does not wait any more, and runs whatever the others do. */
  void resume(String host, boolean isCounted) {
    scheduler.change(
        () -> {
          Away answering = away.get(host);
          if (--answering.waiting == 0) {
            away.remove(host);
            keptBack -= answering.tasks.size();
            answering.tasks.reversed().forEach(tasks::addFirst);
          }
          counted += isCounted ? 1 : 0;
          paused--;
        });
  }

  /** How many of its tasks wait for their hosts. */
  int paused() {
    return paused;
  }

  static void rethrow(@Nullable Throwable failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case UncheckedIOException e -> throw e.getCause();
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
