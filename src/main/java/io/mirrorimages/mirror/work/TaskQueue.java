package io.mirrorimages.mirror.work;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.mirror.work.Scheduler.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for a thread of a {@link Scheduler}, first in, first out, each for one host. Of
 * those that run at most a certain number is counted. Tasks of a host that a running one waits for
 * are kept back. Thread-safe.
 */
public final class TaskQueue implements AutoCloseable {
  private final Scheduler scheduler;
  private final ReentrantLock lock;
  private final Condition changed;
  private final int atOnce;

  @GuardedBy("lock")
  private final Deque<Queued> tasks = new ArrayDeque<>();

  @GuardedBy("lock")
  private final Map<String, Away> away = new HashMap<>();

  @GuardedBy("lock")
  private int keptBack;

  @GuardedBy("lock")
  private int counted;

  @GuardedBy("lock")
  private int running;

  @GuardedBy("lock")
  private int paused;

  @GuardedBy("lock")
  private @Nullable Throwable failure;

  /**
   * @param lock the scheduler's: it reads the state of all its queues at once
   * @param changed signalled whenever the state of a queue has changed, or the run is to end
   */
  TaskQueue(Scheduler scheduler, ReentrantLock lock, Condition changed, int atOnce) {
    this.scheduler = scheduler;
    this.lock = lock;
    this.changed = changed;
    this.atOnce = atOnce;
  }

  private record Queued(String host, Task task) {}

  /** A host for which {@link #waiting} tasks wait, and the tasks that are kept back meanwhile. */
  private static final class Away {
    private final Deque<Queued> tasks = new ArrayDeque<>();
    private int waiting;
  }

  /**
   * Adds tasks behind all others.
   *
   * @param host the host that they need, by any name that tells it from others
   */
  public void add(String host, List<Task> more) {
    lock.lock();
    try {
      for (Task task : more) {
        tasks.addLast(new Queued(host, task));
      }
      scheduler.changed();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #add}, before all others, so that what has been begun comes to its end first. */
  public void addFirst(String host, List<Task> more) {
    lock.lock();
    try {
      for (Task task : more.reversed()) {
        tasks.addFirst(new Queued(host, task));
      }
      scheduler.changed();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all tasks have ended, also those that were added meanwhile; the first failure of
   * one of them ends it as soon as those that run have ended, and is thrown. If the run is to end,
   * and tasks are left, throws {@link Scheduler#interrupted}. Not for use by a task.
   *
   * <p>If the calling thread is interrupted, no further task is begun, and the exception is thrown
   * at once, though tasks may still run. So is an {@link Error}, which stops the scheduler: after
   * it, what the other tasks wait for may never come.
   */
  public void await() throws IOException {
    awaitOrStall(() -> false);
  }

  /**
   * As {@link #await}; also returns while no task can run before a host answers that is away, if
   * {@code enough} holds then.
   *
   * @param enough called often and under the scheduler's lock: must be quick
   */
  public void awaitOrStall(BooleanSupplier enough) throws IOException {
    lock.lock();
    try {
      while ((running > 0 || (!isOver() && !isEmpty()))
          && !(failure instanceof Error)
          && !(isStalled() && enough.getAsBoolean())) {
        changed.await();
      }
      rethrow(failure);
      if (isOver() && !isEmpty()) {
        throw Scheduler.interrupted();
      }
    } catch (InterruptedException e) {
      fail(Scheduler.interrupted());
      throw Scheduler.interrupted();
    } finally {
      lock.unlock();
    }
  }

  /** Drops the tasks that have not begun. */
  @Override
  public void close() {
    scheduler.remove(this);
  }

  @GuardedBy("lock")
  private boolean isOver() {
    return failure != null || scheduler.isStopped();
  }

  /** Whether all that is left waits for hosts that are away. */
  @GuardedBy("lock")
  private boolean isStalled() {
    if (isOver() || running == 0 || running > paused) {
      return false;
    }
    keepBack();
    return tasks.isEmpty();
  }

  @GuardedBy("lock")
  private boolean isEmpty() {
    return tasks.isEmpty() && keptBack == 0;
  }

  /** Whether a task can begin now. */
  boolean isReady() {
    lock.lock();
    try {
      if (isOver() || counted >= atOnce) {
        return false;
      }
      keepBack();
      return !tasks.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Until the first task is one whose host is there. */
  @GuardedBy("lock")
  private void keepBack() {
    while (!tasks.isEmpty()) {
      Away host = away.get(tasks.getFirst().host());
      if (host == null) {
        return;
      }
      host.tasks.addLast(tasks.removeFirst());
      keptBack++;
    }
  }

  /** Begins the first task. */
  RunningTask take() {
    lock.lock();
    try {
      Queued first = tasks.removeFirst();
      counted++;
      running++;
      return new RunningTask(this, first.host(), first.task());
    } finally {
      lock.unlock();
    }
  }

  /** A task is counted no more, but may run on. */
  void uncount() {
    lock.lock();
    try {
      counted--;
      scheduler.changed();
    } finally {
      lock.unlock();
    }
  }

  /** A task is counted again. */
  void count() {
    lock.lock();
    try {
      counted++;
    } finally {
      lock.unlock();
    }
  }

  void ended() {
    lock.lock();
    try {
      running--;
      scheduler.changed();
    } finally {
      lock.unlock();
    }
  }

  void fail(Throwable e) {
    lock.lock();
    try {
      failure = failure == null || e instanceof Error ? e : failure;
      scheduler.changed();
    } finally {
      lock.unlock();
    }
    if (e instanceof Error) {
      scheduler.stop();
    }
  }

  /** A task waits for its host. */
  void pause(String host, boolean isCounted) {
    lock.lock();
    try {
      away.computeIfAbsent(host, h -> new Away()).waiting++;
      counted -= isCounted ? 1 : 0;
      paused++;
      scheduler.changed();
    } finally {
      lock.unlock();
    }
  }

  /** It does not wait any more, and runs whatever the others do. */
  void resume(String host, boolean isCounted) {
    lock.lock();
    try {
      Away answering = Objects.requireNonNull(away.get(host));
      if (--answering.waiting == 0) {
        away.remove(host);
        keptBack -= answering.tasks.size();
        answering.tasks.reversed().forEach(tasks::addFirst);
      }
      counted += isCounted ? 1 : 0;
      paused--;
      scheduler.changed();
    } finally {
      lock.unlock();
    }
  }

  /** How many of its tasks wait for their hosts. */
  int paused() {
    lock.lock();
    try {
      return paused;
    } finally {
      lock.unlock();
    }
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
