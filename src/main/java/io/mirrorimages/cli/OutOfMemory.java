package io.mirrorimages.cli;

import java.io.PrintStream;

/**
 * The end of a process whose heap is too small for what it was given. What an archive or a registry
 * has by then stays: the same command, run again with more, goes on.
 */
final class OutOfMemory {
  private static final String ADVICE =
      "mirror-images: not enough memory for so many images: run the same command again with"
          + " MIRROR_IMAGES_JAVA_OPTS=-Xmx1g";

  private OutOfMemory() {}

  /** Says on {@code err} what to do; gives the exit code. */
  static int told(PrintStream err) {
    err.println(ADVICE);
    return ExitCode.NOTHING_DONE;
  }

  /**
   * From now on a thread that has nobody to tell of it ends the process: the others might wait for
   * it for ever.
   */
  static void endsTheProcess(PrintStream err) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          if (failure instanceof OutOfMemoryError) {
            Runtime.getRuntime().halt(told(err));
          }
          shown(thread, failure, err);
        });
  }

  /** From now on it costs the thread alone, as a server's that answers one client. */
  static void endsOneAnswer(PrintStream err) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          if (failure instanceof OutOfMemoryError) {
            err.println(
                "mirror-images: not enough memory for so many clients: one was cut off; more get in"
                    + " with MIRROR_IMAGES_JAVA_OPTS=-Xmx1g");
          } else {
            shown(thread, failure, err);
          }
        });
  }

  private static void shown(Thread thread, Throwable failure, PrintStream err) {
    err.println("mirror-images: a mistake of this program, in thread " + thread.getName() + ":");
    failure.printStackTrace(err);
  }
}
