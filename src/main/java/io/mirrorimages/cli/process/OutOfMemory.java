package io.mirrorimages.cli.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.mirror.work.ThreadLimit;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The end of a process whose heap, or whose number of threads, is too small for what it was given.
 * What an archive or a registry has by then stays: the same command, run again with more, goes on.
 *
 * <p>What is said goes straight to standard error, as bytes made while there was room: none of it
 * needs any heap. Thread-safe: many threads may find the heap full at the same time.
 */
public final class OutOfMemory {
  private static final byte[] ADVICE =
      line(
          "not enough memory for so many images: run the same command again with"
              + " MIRROR_IMAGES_JAVA_OPTS=-Xmx1g");

  private static final byte[] THREADS =
      line(
          "the system gives no more threads or processes: raise the limit (ulimit -u, TasksMax= of"
              + " a unit, the pids limit of a container), or use fewer --jobs");

  private static final byte[] CUT_OFF =
      line(
          "not enough memory for so many clients: one was cut off; more get in with"
              + " MIRROR_IMAGES_JAVA_OPTS=-Xmx1g");

  private static final byte[] NOTHING = {};
  private static final FileOutputStream STANDARD_ERROR = new FileOutputStream(FileDescriptor.err);
  private static final Runtime RUNTIME = Runtime.getRuntime();

  @GuardedBy("OutOfMemory.class")
  private static boolean told;

  private OutOfMemory() {}

  /** Says what to do, if that has not been said yet; gives the exit code. */
  public static synchronized int told(Throwable failure) {
    if (!told) {
      told = true;
      say(ThreadLimit.isOne(failure) ? THREADS : ADVICE);
    }
    return ExitCode.NOTHING_DONE;
  }

  /**
   * From now on a thread without a handler for it ends the process: other threads might wait for it
   * for ever.
   *
   * @param err where a thread's end for any other reason is shown
   */
  public static void endsTheProcess(PrintStream err) {
    prepare();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          if (isOne(failure)) {
            RUNTIME.halt(told(failure));
          }
          shown(thread, failure, err);
        });
  }

  /**
   * From now on it costs the thread alone, as a server's that answers one client; after {@link
   * #endsTheProcess}.
   *
   * @param err where a thread's end for any other reason is shown
   */
  public static void endsOneAnswer(PrintStream err) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          if (isOne(failure)) {
            say(ThreadLimit.isOne(failure) ? THREADS : CUT_OFF);
          } else {
            shown(thread, failure, err);
          }
        });
  }

  /**
   * Goes once through what a handler does. Code that runs for the first time looks for the classes
   * it names and has them made ready, which takes heap, and is not tried again after a failure.
   */
  private static void prepare() {
    isOne(new Throwable());
    ThreadLimit.isOne(new OutOfMemoryError(""));
    say(NOTHING);
    try {
      // There is none; but the JVM's own class for its end is ready after that.
      RUNTIME.removeShutdownHook(Thread.ofPlatform().unstarted(() -> {}));
    } catch (IllegalStateException e) {
      // A signal has begun the end: it is ready.
    }
  }

  private static boolean isOne(Throwable failure) {
    return failure instanceof OutOfMemoryError;
  }

  private static byte[] line(String text) {
    return ("mirror-images: " + text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
  }

  private static void say(byte[] line) {
    try {
      STANDARD_ERROR.write(line);
    } catch (IOException e) {
      // Standard error is closed; the exit code tells.
    }
  }

  private static void shown(Thread thread, Throwable failure, PrintStream err) {
    err.println("mirror-images: a mistake of this program, in thread " + thread.getName() + ":");
    failure.printStackTrace(err);
  }
}
