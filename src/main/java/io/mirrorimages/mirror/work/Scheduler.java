package io.mirrorimages.mirror.work;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs blocking tasks on a bounded number of daemon threads, which take them from {@link
 * TaskQueue}s. No task waits for another one: what has to follow a task is added when that ends. So
 * the number of threads depends neither on the number of images nor on that of their blobs.
 *
 * <p>A task that waits for a host which does not answer, or whose pulls are used up, {@link #pause
 * pauses}: meanwhile another thread takes its turn, and no task of the same host is begun. There
 * are at most as many further threads as usual ones.
 *
 * <p>{@link #stop} and {@link #endSoon} may be called from any thread. Stopping interrupts the
 * tasks that run and drops the others. A thread that waits for a socket does not notice; whoever
 * stops a run closes its connections too. Where the system gives fewer threads than the bound,
 * those there are run all tasks.
 *
 * <p>Platform threads: see {@code concurrency.md}.
 */
public final class Scheduler implements AutoCloseable {
  /** Where fewer jobs are wanted, small requests that mostly wait have twice as many threads. */
  private static final int ENOUGH = 16;

  /** For what follows the jobs, and is not counted as one: manifests. */
  private static final int BESIDE = 2;

  private final ThreadFactory factory;
  private final Lanes lanes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ready = lock.newCondition();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Set<Thread> threads = new HashSet<>();

  @GuardedBy("lock")
  private final List<TaskQueue> queues = new ArrayList<>();

  @GuardedBy("lock")
  private int most;

  @GuardedBy("lock")
  private int idle;

  private volatile boolean ending;
  private volatile boolean stopped;

  /**
   * @param most the most threads at once, 1 or more; those of {@link #together} and those that
   *     stand in for paused ones are not counted
   */
  public Scheduler(int most) {
    this(most, Thread.ofPlatform().daemon().name("worker-", 1).factory());
  }

  Scheduler(int most, ThreadFactory factory) {
    this.most = most;
    this.factory = factory;
    this.lanes = new Lanes(factory);
  }

  /**
   * One for a run that moves {@code jobs} blobs at once: with as many threads, and a few for the
   * small requests beside.
   */
  public static Scheduler forJobs(int jobs) {
    return new Scheduler(Math.max(jobs + BESIDE, Math.min(2 * jobs, ENOUGH)));
  }

  /** One piece of work. */
  @FunctionalInterface
  public interface Task {
    /**
     * Runs it. A failure ends its whole queue.
     *
     * @return what the same thread is to run next; the queue's bound no longer counts that, and it
     *     also runs when the run is to end soon
     */
    Optional<Task> run() throws IOException;
  }

  /** A piece of work for one item. */
  @FunctionalInterface
  public interface ItemTask<T> {
    /** Does it. */
    void on(T item) throws IOException;
  }

  /** An empty queue of whose tasks as many run at a time as there are threads. */
  public TaskQueue open() {
    return open(Integer.MAX_VALUE);
  }

  /** An empty queue, of whose tasks at most {@code atOnce} run at a time; the caller closes it. */
  public TaskQueue open(int atOnce) {
    TaskQueue queue = new TaskQueue(this, lock, changed, atOnce);
    lock.lock();
    try {
      queues.add(queue);
    } finally {
      lock.unlock();
    }
    return queue;
  }

  /**
   * Does {@code work} on every item, at most {@code atOnce} at a time, beginning in the
   * collection's order. After a failure no further item is begun, and the first failure is thrown
   * as soon as those that run have ended. Not for use by a task. As to interruptions, see {@link
   * TaskQueue#await}.
   */
  public <T> void forEach(Collection<T> items, int atOnce, ItemTask<T> work) throws IOException {
    try (TaskQueue queue = open(atOnce)) {
      queue.add(
          "",
          items.stream()
              .<Task>map(
                  item ->
                      () -> {
                        work.on(item);
                        return Optional.empty();
                      })
              .toList());
      queue.await();
    }
  }

  /**
   * As {@link #forEach}, all items at the same time, on threads beyond the bound; the calling task
   * takes part. Meant for the few parts of one large blob, of which a later one may wait for an
   * earlier one.
   */
  public <T> void together(Collection<T> items, ItemTask<T> work) throws IOException {
    lanes.run(items, work);
  }

  /** A wait for a host that is away, or gives nothing for a while. */
  @FunctionalInterface
  public interface OutageWait<T> {
    /** Returns when it has ended. */
    T end() throws IOException;
  }

  /**
   * Lets other tasks run while the current one waits for a host that is away; a thread that runs
   * none just waits.
   */
  public static <T> T pause(OutageWait<T> wait) throws IOException {
    RunningTask task = RunningTask.current();
    if (task == null) {
      return wait.end();
    }
    task.pause();
    try {
      return wait.end();
    } finally {
      task.resume();
    }
  }

  /** A request of a task that moves no bytes. */
  @FunctionalInterface
  public interface SmallRequest<T> {
    /** Sends it. */
    T send() throws IOException;
  }

  /**
   * Sends a request that mostly waits for its round trip. The bound of the task's queue does not
   * count the task meanwhile, so that another one can move bytes; that of the threads does.
   */
  public static <T> T beside(SmallRequest<T> request) throws IOException {
    RunningTask task = RunningTask.current();
    if (task == null || !task.letGo()) {
      return request.send();
    }
    try {
      return request.send();
    } finally {
      task.countAgain();
    }
  }

  /** Begins no further task; those that run may come to their end. */
  public void endSoon() {
    ending = true;
    wakeAll();
  }

  /** Ends all work soon. */
  public void stop() {
    stopped = true;
    lock.lock();
    try {
      threads.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
    lanes.stop();
    wakeAll();
  }

  /** Whether no further task is begun. */
  public boolean isStopped() {
    return ending || stopped;
  }

  /** What a task throws when its run is to end. */
  public static InterruptedIOException interrupted() {
    return new InterruptedIOException("interrupted");
  }

  @Override
  public void close() {
    stop();
  }

  private void wakeAll() {
    lock.lock();
    try {
      ready.signalAll();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Sees to it that the tasks of a queue whose state has changed are run. */
  void changed() {
    lock.lock();
    try {
      wakeOne();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void remove(TaskQueue queue) {
    lock.lock();
    try {
      queues.remove(queue);
    } finally {
      lock.unlock();
    }
  }

  /** Whoever takes a task wakes the next thread if there are more tasks. */
  @GuardedBy("lock")
  private void wakeOne() {
    if (isStopped() || queues.stream().noneMatch(TaskQueue::isReady)) {
      return;
    }
    if (idle > 0) {
      ready.signal();
    } else if (threads.size() < bound()) {
      start();
    }
  }

  @GuardedBy("lock")
  private int bound() {
    return most + Math.min(paused(), most);
  }

  @GuardedBy("lock")
  private int paused() {
    int paused = 0;
    for (TaskQueue queue : queues) {
      paused += queue.paused();
    }
    return paused;
  }

  @GuardedBy("lock")
  private void start() {
    Thread thread = factory.newThread(this::work);
    threads.add(thread);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      threads.remove(thread);
      if (!ThreadLimit.isOne(e) || threads.isEmpty()) {
        throw e;
      }
      most = Math.max(1, threads.size() - paused());
    }
  }

  /** The calling thread is one too many; another may have been counted on in vain. */
  @GuardedBy("lock")
  private void end() {
    threads.remove(Thread.currentThread());
    wakeOne();
  }

  private void work() {
    for (RunningTask task = next(); task != null; task = next()) {
      task.run();
    }
  }

  /** The next task, after a wait if there is none; null when the thread is to end. */
  private @Nullable RunningTask next() {
    lock.lock();
    try {
      while (!isStopped() && threads.size() <= bound()) {
        for (TaskQueue queue : queues) {
          if (queue.isReady()) {
            RunningTask task = queue.take();
            wakeOne();
            return task;
          }
        }
        idle++;
        try {
          ready.await();
        } finally {
          idle--;
        }
      }
      end();
    } catch (InterruptedException e) {
      // The run has been stopped.
    } finally {
      lock.unlock();
    }
    return null;
  }
}
