package io.mirrorimages.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end: the run is told to stop and has five seconds to
 * write its outcome. The exit code (130, 143) is the JVM's own for the signal.
 */
final class StopSignal implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final List<Runnable> stops = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "stop");
  private boolean stopping;

  StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Adds something that ends the run soon; it is called at once if the signal came already. */
  synchronized void onStop(Runnable stop) {
    stops.add(stop);
    if (stopping) {
      stop.run();
    }
  }

  private void stop() {
    synchronized (this) {
      stopping = true;
      stops.forEach(Runnable::run);
    }
    try {
      ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // The JVM ends in any case.
    }
  }

  /** The run has ended: a signal need not wait for it any more. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already, and this is what the hook waits for.
    }
  }
}
