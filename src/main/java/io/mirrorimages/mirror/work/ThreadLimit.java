package io.mirrorimages.mirror.work;

/**
 * The system gives the process no further thread; the JVM calls that an {@link OutOfMemoryError}.
 */
public final class ThreadLimit {
  private ThreadLimit() {}

  /** Whether a failure is about the number of threads, not about memory. Needs no heap. */
  public static boolean isOne(Throwable failure) {
    return failure instanceof OutOfMemoryError
        && failure.getMessage() != null
        && failure.getMessage().contains("native thread");
  }
}
