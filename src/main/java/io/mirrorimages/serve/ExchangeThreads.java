package io.mirrorimages.serve;

import java.io.Closeable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A virtual thread for each request, from its first byte on. Clients that may use plain HTTP try
 * TLS first: of that greeting the server would wait for the line's end, which never comes, while
 * they wait for an answer. So a request that has begun, of which nothing is left to be read, and
 * that is not whole, has a short time to go on; then its connection is closed, and they try HTTP.
 *
 * <p>The time counts only while the thread waits for bytes, so a busy machine ends no request.
 * Thread-safe.
 */
final class ExchangeThreads implements Executor, Closeable {
  private static final Duration LOOK = Duration.ofMillis(50);

  /** A lost packet comes again after 200 ms. */
  private static final int LOOKS = 8;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Thread, Start> starts = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("half-requests").factory());

  /**
   * @param impatient whether requests that do not go on are ended
   */
  ExchangeThreads(boolean impatient) {
    if (impatient) {
      Future<?> _ =
          clock.scheduleWithFixedDelay(
              this::look, LOOK.toNanos(), LOOK.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void execute(Runnable exchange) {
    threads.execute(
        () -> {
          Thread thread = Thread.currentThread();
          starts.put(thread, new Start(thread));
          try {
            exchange.run();
          } finally {
            whole();
          }
        });
  }

  /** The calling thread's request is there to its end. */
  void whole() {
    Start start = starts.remove(Thread.currentThread());
    if (start != null) {
      start.end();
    }
  }

  /** Ends all that is still going on, and waits for that. */
  @Override
  public void close() {
    clock.shutdownNow();
    threads.close();
  }

  /** Interrupts all that is still going on. */
  void shutdownNow() {
    threads.shutdownNow();
  }

  private void look() {
    starts.values().forEach(Start::look);
  }

  /** A request that has begun. */
  private static final class Start {
    private final Thread thread;
    private int waiting;
    private boolean ended;

    Start(Thread thread) {
      this.thread = thread;
    }

    synchronized void look() {
      waiting = thread.getState() == Thread.State.WAITING ? waiting + 1 : 0;
      if (waiting > LOOKS && !ended) {
        thread.interrupt();
      }
    }

    synchronized void end() {
      ended = true;
    }
  }
}
