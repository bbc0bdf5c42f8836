package io.mirrorimages.cli.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.job.Cancellation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns Ctrl-C, SIGTERM and the deadline into an orderly end: the run gets a request to stop and
 * has five seconds to park what is under way and to write its outcome. After that, or at a second
 * signal, the process ends where it is; archives and journals are made for that.
 *
 * <p>Before {@link #begin} there is nothing to write: signals are the JVM's own affair, and the
 * deadline ends the process at once. Thread-safe, but for {@link #interruptibly}, which is for the
 * thread that does the run.
 */
public final class StopSignal implements Cancellation, AutoCloseable {
  /** Together the five seconds, but for what the JVM takes to end. */
  private static final Duration GRACE = Duration.ofMillis(4300);

  /** How long of that the requests of uploads may take to come to their end. */
  public static final Duration FOR_REQUESTS = Duration.ofMillis(3500);

  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  /**
   * A signal that comes this soon after the first is still the same: timeout(1), for example, sends
   * it to its child and to the child's group. No person presses Ctrl-C twice as fast.
   */
  private static final Duration ECHO = Duration.ofMillis(250);

  private final PrintStream err;
  private final List<Runnable> stops = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int cause;
  private volatile long stoppedAt;
  private final Optional<Thread> clock;

  /** Work that is interrupted by a stop. */
  private record Stoppable(Thread thread, Runnable disconnect) {}

  private Optional<Signals> signals = Optional.empty();

  @GuardedBy("this")
  private Optional<Stoppable> waiting = Optional.empty();

  private volatile @Nullable IntConsumer lastWords;
  private volatile boolean finishing;
  private volatile Runnable beforeHalt = () -> {};

  /**
   * Watches the time.
   *
   * @param deadline how much time is left for the run, if it is limited; it may be over already
   * @param err where the end is announced if it comes before the run has begun
   */
  public StopSignal(Optional<Duration> deadline, PrintStream err) {
    this.err = err;
    this.clock =
        deadline.map(
            left -> Thread.ofPlatform().daemon().name("deadline").start(() -> stopAfter(left)));
  }

  /**
   * From now on there is a run with an outcome, and signals are taken. Called again, it replaces
   * the last words.
   *
   * @param lastWords writes the outcome, with the exit code it is given, for a run that did not end
   *     in time; it gets half a second
   */
  public void begin(IntConsumer lastWords) {
    this.lastWords = lastWords;
    if (signals.isEmpty()) {
      signals = Optional.of(Signals.to(this::stop));
    }
  }

  /**
   * Sets what is done before a second signal ends the process at once, as what leaves the terminal
   * clean; it is done soon, whatever hangs.
   */
  public void atHalt(Runnable task) {
    beforeHalt = task;
  }

  /**
   * Adds something that ends the run soon and may be called twice; it is called at once if the run
   * is being stopped already.
   */
  @Override
  public void onStop(Runnable stop) {
    synchronized (this) {
      stops.add(stop);
    }
    if (isStopping()) {
      stop.run();
    }
  }

  /** Whether the run is being stopped. */
  public boolean isStopping() {
    return cause != 0;
  }

  /**
   * The exit code of a run that would end with {@code own}: a signal's is its own even if all was
   * done by then, since its sender waits for it; a deadline is of no account then.
   */
  public int exitCode(int own) {
    return bySignal() ? cause : own;
  }

  /** Why the run was stopped, in words. */
  public String reason() {
    return cause == ExitCode.INCOMPLETE ? "the deadline was reached" : "interrupted";
  }

  /**
   * Does something on this thread that may wait long, and is interrupted by a stop; then, whatever
   * came of it, throws {@link InterruptedIOException}.
   */
  @Override
  public <T> T interruptibly(Runnable disconnect, Interruptible<T> work) throws IOException {
    synchronized (this) {
      waiting = Optional.of(new Stoppable(Thread.currentThread(), disconnect));
    }
    try {
      if (!isStopping()) {
        T result = work.run();
        if (!isStopping()) {
          return result;
        }
      }
    } catch (IOException | RuntimeException e) {
      if (!isStopping()) {
        throw e;
      }
    } finally {
      synchronized (this) {
        waiting = Optional.empty();
        // An interrupt that came too late must not hit what follows.
        Thread.interrupted();
      }
    }
    throw new InterruptedIOException("interrupted");
  }

  /** All is done but for the end of the work, which no deadline spoils any more. */
  public void finishing() {
    finishing = true;
  }

  private boolean bySignal() {
    return cause > ExitCode.INCOMPLETE;
  }

  private void stopAfter(Duration left) {
    try {
      // By the monotonic clock: a clock that is set moves no deadline.
      Thread.sleep(left);
    } catch (InterruptedException e) {
      return;
    }
    if (!finishing) {
      stop(ExitCode.INCOMPLETE);
    }
  }

  /** Ends the run, and the process too if it takes too long. */
  private void stop(int exitCode) {
    if (ended.getCount() == 0) {
      return;
    }
    IntConsumer words = lastWords;
    if (words == null) {
      err.println("mirror-images: the deadline was reached: run the same command again");
      System.exit(exitCode);
      return;
    }
    if (!isFirst(exitCode)) {
      endAtOnce(exitCode);
      return;
    }
    // On threads of their own: whatever hangs in them, the end is on time.
    Thread.ofPlatform().daemon().name("stop").start(this::tellAll);
    try {
      if (!ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS) && (bySignal() || !finishing)) {
        Thread.ofPlatform()
            .daemon()
            .name("last-words")
            .start(() -> words.accept(exitCode))
            .join(LAST_WORDS);
        Runtime.getRuntime().halt(exitCode);
      }
    } catch (InterruptedException e) {
      // By close(): the run has ended.
    }
  }

  private synchronized boolean isFirst(int exitCode) {
    if (isStopping()) {
      return false;
    }
    stoppedAt = System.nanoTime();
    cause = exitCode;
    return true;
  }

  /** What a further signal does. */
  private void endAtOnce(int exitCode) {
    // Not at a closed terminal, which the kernel and the shell both tell of.
    boolean wanted = exitCode >= ExitCode.INTERRUPTED;
    boolean echo = bySignal() && System.nanoTime() - stoppedAt < ECHO.toNanos();
    if (wanted && !echo) {
      beforeHalt.run();
      Runtime.getRuntime().halt(exitCode);
    }
  }

  private void tellAll() {
    List<Runnable> all;
    synchronized (this) {
      all = new ArrayList<>(stops);
      waiting.ifPresent(
          work -> {
            work.thread().interrupt();
            all.addFirst(work.disconnect());
          });
    }
    all.forEach(Runnable::run);
  }

  /** The run has ended: nothing need be stopped any more. */
  @Override
  public void close() {
    ended.countDown();
    signals.ifPresent(Signals::close);
    clock.ifPresent(Thread::interrupt);
  }
}
