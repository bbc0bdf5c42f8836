package io.mirrorimages.cli.process;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.registry.http.ErrorText;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** What is printed of an exception that nobody foresaw, so that it can be reported. */
public final class Mistake {
  private static final int MOST_CAUSES = 5;

  private Mistake() {}

  /** Prints the first one that an image failed with, if any did. */
  public static void printFirst(List<ImageResult> results, PrintStream err) {
    results.stream()
        .map(ImageResult::mistake)
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(e -> print(e, err));
  }

  /** The classes and the places; of the messages what can be no secret. */
  public static void print(Throwable mistake, PrintStream err) {
    err.println("mirror-images: a mistake of this program; please report it with these lines:");
    Throwable e = mistake;
    for (int causes = 0; e != null && causes < MOST_CAUSES; causes++) {
      err.println(
          (causes == 0 ? "" : "Caused by: ") + e.getClass().getName() + ": " + ErrorText.line(e));
      for (StackTraceElement place : e.getStackTrace()) {
        err.println("\tat " + place);
      }
      e = e.getCause();
    }
  }
}
