package io.mirrorimages.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends the requests of clients that stay connected and take nothing, so that none keeps its thread
 * and buffers for ever. The time of a whole response is not limited: a large blob on a slow line
 * may take hours.
 *
 * <p>Thread-safe. A request is ended by interrupting its thread: that closes the connection under a
 * blocked write, over TLS too.
 */
final class StallGuard implements Closeable {
  private final Set<Watched> running = ConcurrentHashMap.newKeySet();
  private final long patience;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("stalled-clients").factory());

  /**
   * @param patience how long a request may take nothing; it is ended at most a quarter later
   */
  StallGuard(Duration patience) {
    this.patience = patience.toNanos();
    long period = Math.max(1, patience.toMillis() / 4);
    Future<?> _ =
        clock.scheduleWithFixedDelay(this::endStalled, period, period, TimeUnit.MILLISECONDS);
  }

  /** Begins to watch a request of the calling thread, until it is closed by it. */
  Watched watch() {
    Watched watched = new Watched();
    running.add(watched);
    return watched;
  }

  /** Waits until no request is being answered, as long as {@code longest}. */
  synchronized void awaitNone(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    for (long left = longest.toNanos(); !running.isEmpty() && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private synchronized void ended() {
    notifyAll();
  }

  private void endStalled() {
    for (Watched watched : running) {
      if (System.nanoTime() - watched.moved > patience) {
        watched.end();
      }
    }
  }

  /** A request that is being answered. */
  final class Watched implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private volatile long moved = System.nanoTime();

    @GuardedBy("this")
    private boolean closed;

    /** The client has taken something. */
    void moved() {
      moved = System.nanoTime();
    }

    @Override
    public void close() {
      synchronized (this) {
        closed = true;
      }
      running.remove(this);
      ended();
    }

    private synchronized void end() {
      if (!closed) {
        thread.interrupt();
      }
    }
  }
}
