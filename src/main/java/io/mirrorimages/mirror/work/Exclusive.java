package io.mirrorimages.mirror.work;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Lets one task at a time work on a key, for example on a digest, without a thread that waits: a
 * task that comes too early is told when to come again. What one holder writes, the next one sees.
 * Thread-safe.
 */
public final class Exclusive<K> {
  @GuardedBy("this")
  private final Map<K, Turns> taken = new HashMap<>();

  private static final class Turns {
    private final Queue<Runnable> waiting = new ArrayDeque<>(0);
    private boolean free = true;
  }

  /**
   * Takes the key, until {@link #release}.
   *
   * @param again called by the thread that releases the key, if it is taken; must be quick, and
   *     make somebody take the key again
   * @return whether the key was free
   */
  public synchronized boolean take(K key, Runnable again) {
    Turns turns = taken.computeIfAbsent(key, k -> new Turns());
    boolean free = turns.free;
    if (free) {
      turns.free = false;
    } else {
      turns.waiting.add(again);
    }
    return free;
  }

  /** Waits until it has the key. */
  public void await(K key) throws IOException {
    try {
      CountDownLatch free = new CountDownLatch(1);
      while (!take(key, free::countDown)) {
        free.await();
        free = new CountDownLatch(1);
      }
    } catch (InterruptedException e) {
      throw Scheduler.interrupted();
    }
  }

  /** Gives the key back. The next one that waits is told; the others are when it gives it back. */
  public void release(K key) {
    Runnable next = free(key);
    if (next != null) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable free(K key) {
    Turns turns = Objects.requireNonNull(taken.get(key));
    turns.free = true;
    if (turns.waiting.isEmpty()) {
      taken.remove(key);
    }
    return turns.waiting.poll();
  }
}
