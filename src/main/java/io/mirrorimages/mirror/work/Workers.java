package io.mirrorimages.mirror.work;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Blocking work on a bounded number of daemon threads. Work may be nested: a thread that has pieces
 * of its own does them itself, one after the other, and the threads that are free, or become so,
 * help it. So nobody waits for a thread, and there are never more than the bound. {@link #stop()}
 * may be called from any thread and ends all of it soon: what runs is interrupted, what waits is
 * dropped. A thread that waits for a socket does not notice; whoever stops a run closes its
 * connections too.
 *
 * <p>Where the system allows fewer threads than the bound, the work is done by those there are.
 *
 * <p>Platform threads: there are only some tens, they moved data no slower than virtual ones when
 * measured on two cores, and the JVM ends 0.3 s sooner, which it would spend waiting for the poller
 * of the virtual ones.
 */
public final class Workers implements AutoCloseable {
  private final ThreadLocal<Boolean> busy = ThreadLocal.withInitial(() -> false);
  private final ThreadPoolExecutor threads;
  private final ExecutorService more;
  private final Semaphore free;
  private volatile boolean ending;
  private final Queue<Batch<?>> open = new ConcurrentLinkedQueue<>();

  /**
   * @param most the most threads at once, 1 or more; those of {@link #together} come on top
   */
  public Workers(int most) {
    this(most, Thread.ofPlatform().daemon().name("worker-", 1).factory());
  }

  public Workers(int most, ThreadFactory threads) {
    this.free = new Semaphore(most);
    this.threads =
        new ThreadPoolExecutor(
            most, most, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    this.more = Executors.newCachedThreadPool(threads);
  }

  /** A piece of work for one item. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it; a failure ends the whole {@link Workers#forEach}. */
    void on(T item) throws IOException;
  }

  /**
   * Does {@code work} on every item, at most {@code atOnce} at a time, beginning in the
   * collection's order, and returns when all of it has ended. After a failure no further item is
   * begun, and the first failure is thrown.
   */
  public <T> void forEach(Collection<T> items, int atOnce, Work<T> work) throws IOException {
    Batch<T> batch = new Batch<>(items, work, true, atOnce);
    open.add(batch);
    try {
      batch.run();
    } finally {
      open.remove(batch);
    }
  }

  /**
   * As {@link #forEach}, all items at the same time. Meant for the few parts of one piece of work,
   * of which a later one may wait for an earlier one: they get threads beyond the bound.
   */
  public <T> void together(Collection<T> items, Work<T> work) throws IOException {
    new Batch<>(items, work, false, items.size()).run();
  }

  /** Where a thread goes that has left a batch: to another one that wants help, if there is one. */
  private @Nullable Batch<?> another() {
    for (Batch<?> batch : open) {
      if (batch.join()) {
        return batch;
      }
    }
    free.release();
    // One that was opened just now has not found this thread free.
    for (Batch<?> batch : open) {
      if (batch.wantsHelp() && free.tryAcquire()) {
        if (batch.join()) {
          return batch;
        }
        free.release();
      }
    }
    return null;
  }

  /** The items of one call, and the threads that are at them. */
  private final class Batch<T> {
    private final Iterator<T> items;
    private final Work<T> work;
    private final boolean bounded;
    private final boolean joining = busy.get();
    private final int wanted;
    private @Nullable Throwable failure;
    private int helpers;

    Batch(Collection<T> items, Work<T> work, boolean bounded, int atOnce) {
      this.items = items.iterator();
      this.work = work;
      this.bounded = bounded;
      this.wanted = Math.min(atOnce, items.size()) - (joining ? 1 : 0);
    }

    void run() throws IOException {
      while (wantsHelp() && begin()) {
        // One more helps.
      }
      try {
        while (joining && doNext()) {
          // The others are at it too.
        }
        awaitHelpers();
      } catch (InterruptedException e) {
        throw interrupted();
      }
      rethrow(failure);
      if (isStopped() && items.hasNext()) {
        throw interrupted();
      }
    }

    /** Has a free thread help, if there is one. */
    private boolean begin() {
      return (!bounded || free.tryAcquire()) && start();
    }

    private boolean start() {
      if (!join()) {
        leave();
        return false;
      }
      try {
        (bounded ? threads : more).execute(this::help);
        return true;
      } catch (RejectedExecutionException e) {
        fail(interrupted());
        leave();
        left();
      } catch (OutOfMemoryError e) {
        left();
        if (!ThreadLimit.isOne(e) || (bounded && threads.getPoolSize() == 0)) {
          throw e;
        }
        // From now on there are no more than now; its permit is not given back.
        threads.setCorePoolSize(Math.max(1, threads.getPoolSize()));
      }
      return false;
    }

    private void help() {
      busy.set(true);
      Batch<?> at = this;
      while (at != null) {
        while (at.doNext()) {
          // Until nothing is left.
        }
        Batch<?> before = at;
        at = bounded ? another() : null;
        before.left();
      }
    }

    private void leave() {
      if (bounded) {
        free.release();
      }
    }

    private boolean doNext() {
      T item = next();
      if (item == null) {
        return false;
      }
      try {
        work.on(item);
      } catch (Throwable e) {
        fail(e);
      }
      return true;
    }

    private synchronized @Nullable T next() {
      return isLeft() ? items.next() : null;
    }

    private synchronized boolean isLeft() {
      return !isStopped() && failure == null && items.hasNext();
    }

    private synchronized void fail(Throwable e) {
      failure = failure == null ? e : failure;
      notifyAll();
    }

    private synchronized boolean wantsHelp() {
      return helpers < wanted && isLeft();
    }

    private synchronized boolean join() {
      boolean wanting = wantsHelp();
      helpers += wanting ? 1 : 0;
      return wanting;
    }

    private synchronized void left() {
      helpers--;
      notifyAll();
    }

    private synchronized void wake() {
      notifyAll();
    }

    private synchronized void awaitHelpers() throws InterruptedException {
      while (helpers > 0 || (!joining && isLeft())) {
        wait();
      }
    }
  }

  private static void rethrow(@Nullable Throwable failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case UncheckedIOException e -> throw e.getCause();
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** Begins no more work; what runs is let come to its end. */
  public void endSoon() {
    ending = true;
    open.forEach(Batch::wake);
  }

  /** Ends all work soon. */
  public void stop() {
    threads.shutdownNow();
    more.shutdownNow();
    open.forEach(Batch::wake);
  }

  public boolean isStopped() {
    return ending || threads.isShutdown();
  }

  /** What a piece of work throws when it has been told to stop. */
  public static InterruptedIOException interrupted() {
    return new InterruptedIOException("interrupted");
  }

  @Override
  public void close() {
    stop();
  }
}
