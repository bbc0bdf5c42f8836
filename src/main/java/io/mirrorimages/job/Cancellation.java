package io.mirrorimages.job;

import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * What ends a job before its time, as a signal or a deadline. For one job; thread-safe: the job
 * calls it from the thread that runs it, while another thread may be stopping the job.
 *
 * <p>After a stop the job returns soon, and what is not done is {@link
 * io.mirrorimages.mirror.Status#UNFINISHED}. The same job, run again, resumes.
 */
public interface Cancellation {
  /** Never ends it. */
  Cancellation NONE =
      new Cancellation() {
        @Override
        public void onStop(Runnable stop) {}

        @Override
        public <T> T interruptibly(Runnable disconnect, Interruptible<T> work) throws IOException {
          return work.run();
        }
      };

  /** What can be interrupted while it waits. */
  @FunctionalInterface
  interface Interruptible<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /**
   * Adds an action that ends the job soon. A stop calls the actions on a thread of its own, in the
   * order in which they were added, each after the one before it has returned. An action that is
   * added while the job is being stopped is called at once, on the thread that adds it. An action
   * may be called twice, from any thread; it may block for some seconds while requests end.
   */
  void onStop(Runnable stop);

  /**
   * Does something on the thread that runs the job that may wait long, and is interrupted by a
   * stop. Not called by two threads at once.
   *
   * @param disconnect closes the connections that the work may be reading from: an interrupt does
   *     not end the read of a socket. Called by a stop only, from another thread
   * @throws InterruptedIOException after a stop, whatever came of the work
   */
  <T> T interruptibly(Runnable disconnect, Interruptible<T> work) throws IOException;
}
