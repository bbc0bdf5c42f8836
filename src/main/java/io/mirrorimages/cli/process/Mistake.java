package io.mirrorimages.cli.process;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.registry.http.ErrorText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The text of an unexpected exception, so that it can be reported. */
public final class Mistake {
  private static final int MOST_CAUSES = 5;

  private Mistake() {}

  /** The first one that an image failed with. */
  public static Optional<Throwable> first(List<ImageResult> results) {
    return results.stream().map(ImageResult::mistake).flatMap(Optional::stream).findFirst();
  }

  /** The classes and the places; of the messages what can be no secret. */
  public static void print(Throwable mistake, PrintStream err) {
    err.println("mirror-images: a mistake of this program; please report it with these lines:");
    lines(mistake).forEach(err::println);
  }

  /** The same without an introduction. */
  public static List<String> lines(Throwable mistake) {
    List<String> lines = new ArrayList<>();
    Throwable e = mistake;
    for (int causes = 0; e != null && causes < MOST_CAUSES; causes++) {
      lines.add(
          (causes == 0 ? "" : "Caused by: ") + e.getClass().getName() + ": " + ErrorText.line(e));
      for (StackTraceElement place : e.getStackTrace()) {
        lines.add("\tat " + place);
      }
      e = e.getCause();
    }
    return lines;
  }
}
