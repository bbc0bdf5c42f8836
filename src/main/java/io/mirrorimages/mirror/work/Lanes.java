package io.mirrorimages.mirror.work;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.mirror.work.Scheduler.ItemTask;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Threads for the parts of large blobs, as many as there are parts at once. Thread-safe. */
final class Lanes {
  private final ExecutorService threads;

  Lanes(ThreadFactory factory) {
    this.threads = Executors.newCachedThreadPool(factory);
  }

  /** As {@link Scheduler#together}. */
  <T> void run(Collection<T> parts, ItemTask<T> work) throws IOException {
    new BlobParts<>(parts, work).run();
  }

  /** Interrupts all parts; no further ones are begun. */
  void stop() {
    threads.shutdownNow();
  }

  /** The parts of one blob, and the threads that are at them. */
  private final class BlobParts<T> {
    private final ItemTask<T> work;

    @GuardedBy("this")
    private final Queue<T> parts;

    @GuardedBy("this")
    private int helpers;

    @GuardedBy("this")
    private @Nullable Throwable failure;

    BlobParts(Collection<T> parts, ItemTask<T> work) {
      this.parts = new ArrayDeque<>(parts);
      this.work = work;
    }

    void run() throws IOException {
      int wanted = wantedHelpers();
      while (wanted > 0 && start()) {
        wanted--;
      }
      takeAll();
      try {
        TaskQueue.rethrow(awaitHelpers());
      } catch (InterruptedException e) {
        throw Scheduler.interrupted();
      }
    }

    private synchronized int wantedHelpers() {
      return parts.size() - 1;
    }

    private boolean start() {
      RunningTask task = RunningTask.current();
      joined(1);
      try {
        threads.execute(() -> RunningTask.as(task, this::help));
        return true;
      } catch (RejectedExecutionException e) {
        fail(Scheduler.interrupted());
      } catch (OutOfMemoryError e) {
        if (!ThreadLimit.isOne(e)) {
          joined(-1);
          throw e;
        }
        // Those there are take all parts.
      }
      joined(-1);
      return false;
    }

    private void help() {
      try {
        takeAll();
      } finally {
        joined(-1);
      }
    }

    private void takeAll() {
      for (T part = next(); part != null; part = next()) {
        try {
          work.on(part);
        } catch (Error e) {
          fail(e);
          // The task itself may wait for what never comes.
          Optional.ofNullable(RunningTask.current()).ifPresent(task -> task.fail(e));
        } catch (Throwable e) {
          fail(e);
        }
      }
    }

    private synchronized @Nullable T next() {
      return failure == null && !threads.isShutdown() ? parts.poll() : null;
    }

    private synchronized void fail(Throwable e) {
      failure = failure == null ? e : failure;
    }

    private synchronized void joined(int more) {
      helpers += more;
      notifyAll();
    }

    /** Gives the first failure. */
    private synchronized @Nullable Throwable awaitHelpers() throws InterruptedException {
      while (helpers > 0) {
        wait();
      }
      return failure == null && !parts.isEmpty() ? Scheduler.interrupted() : failure;
    }
  }
}
