package io.mirrorimages.job;

import java.io.IOException;
import java.io.InterruptedIOException;

/** What ends a job before its time, as a signal or a deadline. Thread-safe. */
public interface Cancellation {
  /** Never ends it. */
  Cancellation NONE =
      new Cancellation() {
        @Override
        public void onStop(Runnable stop) {}

        @Override
        public <T> T interruptibly(Waiting<T> work) throws IOException {
          return work.run();
        }
      };

  /** What can be interrupted while it waits. */
  @FunctionalInterface
  interface Waiting<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /**
   * Adds something that ends the job soon and may be called twice. It is called at once if the job
   * is being stopped already; several are called in the order in which they were added.
   */
  void onStop(Runnable stop);

  /**
   * Does something on this thread that may wait long, and is interrupted by a stop.
   *
   * @throws InterruptedIOException after a stop, whatever came of the work
   */
  <T> T interruptibly(Waiting<T> work) throws IOException;
}
