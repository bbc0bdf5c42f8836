package io.mirrorimages.mirror.work;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.mirror.work.Scheduler.Task;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task on its thread, and on those that fetch parts for it. */
final class RunningTask {
  private static final ThreadLocal<RunningTask> CURRENT = new ThreadLocal<>();

  private final TaskQueue queue;
  private final String host;
  private final Task task;

  @GuardedBy("this")
  private boolean counted = true;

  @GuardedBy("this")
  private int pauses;

  RunningTask(TaskQueue queue, String host, Task task) {
    this.queue = queue;
    this.host = host;
    this.task = task;
  }

  /** The one of this thread; null if it runs none. */
  static @Nullable RunningTask current() {
    return CURRENT.get();
  }

  /** Runs {@code work} as a part of {@code task}, which may be null. */
  static void as(@Nullable RunningTask task, Runnable work) {
    CURRENT.set(task);
    try {
      work.run();
    } finally {
      CURRENT.remove();
    }
  }

  /** Runs the task and what follows it. */
  void run() {
    as(this, this::runAll);
  }

  private void runAll() {
    try {
      Optional<Task> next = task.run();
      uncount();
      while (next.isPresent()) {
        next = next.get().run();
      }
    } catch (Throwable e) {
      fail(e);
    } finally {
      uncount();
      queue.ended();
    }
  }

  /** Ends the task's queue. */
  void fail(Throwable e) {
    queue.fail(e);
  }

  private synchronized void uncount() {
    if (counted) {
      counted = false;
      queue.uncount();
    }
  }

  /** The queue's bound does not count the task from now on; false if it does not anyway. */
  synchronized boolean letGo() {
    boolean was = counted;
    uncount();
    return was;
  }

  /** It is counted again, and runs on whatever the others do. */
  synchronized void countAgain() {
    counted = true;
    queue.count();
  }

  /** Several threads may wait for the task's host; the first lets go of the task's turn. */
  synchronized void pause() {
    if (pauses++ == 0) {
      queue.pause(host, counted);
    }
  }

  synchronized void resume() {
    if (--pauses == 0) {
      queue.resume(host, counted);
    }
  }
}
