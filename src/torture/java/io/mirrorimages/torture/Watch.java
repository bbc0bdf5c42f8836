package io.mirrorimages.torture;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives an ordeal up that takes too long: a tool that waits for ever fails too, and the other seeds
 * are to go on. Thread-safe.
 *
 * @param limit of one ordeal
 */
record Watch(Duration limit) {
  private static final int INTERRUPTIONS = 300;
  private static final long EACH_MILLIS = 100;

  /** Goes through an ordeal; one that is given up has failed with the traces of its threads. */
  Outcome over(long seed, Callable<Outcome> ordeal)
      throws InterruptedException, ExecutionException {
    // All threads that its tool starts belong to this group too.
    ThreadGroup group = new ThreadGroup("seed " + seed);
    FutureTask<Outcome> task = new FutureTask<>(ordeal);
    Thread thread = Thread.ofPlatform().group(group).daemon().name(group.getName()).start(task);
    try {
      return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      String problem = "it did not end within " + limit.toSeconds() + " s: " + Traces.of(group);
      end(thread);
      return new Outcome(seed, "given up", 0, 0, Map.of(), 0, 0, limit, List.of(problem));
    }
  }

  /** What is interrupted may go on with the next step of the ordeal, so that is too. */
  private static void end(Thread thread) throws InterruptedException {
    for (int i = 0; i < INTERRUPTIONS && thread.isAlive(); i++) {
      thread.interrupt();
      thread.join(EACH_MILLIS);
    }
  }
}
