package io.mirrorimages.registry.http.wire;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then at all exchanges under way, and cuts those whose time is up. Has one thread,
 * from the first exchange on. Thread-safe.
 */
public final class Watchdog implements Closeable {
  private static final int LOOKS_PER_STALL = 20;
  private static final long SHORTEST_PAUSE = 10;
  private static final long LONGEST_PAUSE = 500;

  private final Set<ExchangeWatch> watches = ConcurrentHashMap.newKeySet();
  private final long pause;

  @GuardedBy("this")
  private @Nullable Thread thread;

  @GuardedBy("this")
  private boolean closed;

  /**
   * @param stall the longest accepted silence, from which the interval of the checks follows
   */
  public Watchdog(Duration stall) {
    this.pause = Math.clamp(stall.toMillis() / LOOKS_PER_STALL, SHORTEST_PAUSE, LONGEST_PAUSE);
  }

  /** Watches an exchange, or a part of it, until that is closed. */
  public ExchangeWatch over(Runnable cut) {
    start();
    ExchangeWatch watch = new ExchangeWatch(this, cut);
    watches.add(watch);
    return watch;
  }

  void forget(ExchangeWatch watch) {
    watches.remove(watch);
  }

  private synchronized void start() {
    if (thread == null && !closed) {
      thread = Thread.ofPlatform().daemon().name("watchdog").start(this::run);
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(pause);
        long now = System.nanoTime();
        watches.forEach(watch -> watch.look(now));
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
