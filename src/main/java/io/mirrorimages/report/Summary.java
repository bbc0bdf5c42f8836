package io.mirrorimages.report;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The last words of a run. */
public final class Summary {
  private Summary() {}

  /** How many images ended how, what was moved and how long it took, in one line. */
  public static String of(List<ImageResult> results, Duration time) {
    List<String> parts = new ArrayList<>();
    for (Status status : Status.values()) {
      if (status == Status.UNFINISHED) {
        add(parts, results.stream().filter(ImageResult::kept).count(), "kept for the next run");
      }
      add(
          parts,
          results.stream().filter(r -> r.status() == status && !r.kept()).count(),
          status.label());
    }
    long replaced = results.stream().filter(r -> r.replaced().isPresent()).count();
    if (replaced > 0) {
      parts.add(Units.count(replaced, "tag") + " replaced");
    }
    long bytes = results.stream().mapToLong(ImageResult::bytes).sum();
    return Units.count(results.size(), "image")
        + ": "
        + String.join(", ", parts)
        + (bytes > 0 ? "; " + Units.bytes(bytes) : "")
        + " in "
        + Units.time(time);
  }

  private static void add(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }
}
