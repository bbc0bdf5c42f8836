package io.mirrorimages.report;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Text;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import java.io.PrintStream;

/** A plan in words. */
public final class PlanText {
  private PlanText() {}

  /** The sums of the plan in one line. */
  public static String oneLine(Plan plan) {
    Plan.Totals totals = plan.totals();
    long unchanged = count(plan, Status.UNCHANGED);
    return Units.count(plan.images().size(), "image")
        + " to copy"
        + (unchanged > 0 ? ", " + unchanged + " unchanged" : "")
        + ": "
        + Units.count(totals.blobs(), "unique blob")
        + ", "
        + Units.bytes(totals.toMove())
        + " to move (sharing saves "
        + Units.bytes(totals.shared())
        + (totals.atTarget() > 0
            ? ", " + Units.bytes(totals.atTarget()) + " are there already"
            : "")
        + ")";
  }

  /**
   * Everything a dry run tells: each image with its digest and name at the target, then the sums.
   */
  public static void print(Plan plan, PrintStream out) {
    for (PlannedImage image : plan.images()) {
      Digest digest = image.top().digest();
      out.println(
          (image.replaced().isPresent() ? "replace    " : "copy       ")
              + FamiliarName.of(image.request().source())
              + "  "
              + digest
              + arrow(image.request())
              + (image.effects().isEmpty() ? "" : "  " + image.effects()));
    }
    for (ImageResult result : plan.settled()) {
      out.println(
          String.format("%-10s ", result.status().label())
              + FamiliarName.of(result.request().source())
              + arrow(result.request())
              + result
                  .reason()
                  .map(r -> "  " + r.label() + ": " + Text.line(result.message()))
                  .orElse(""));
    }
    Plan.Totals totals = plan.totals();
    out.println();
    out.println("images to copy       " + plan.images().size());
    long replaced = plan.images().stream().filter(i -> i.replaced().isPresent()).count();
    if (replaced > 0) {
      out.println("tags replaced        " + replaced);
    }
    out.println("images unchanged     " + count(plan, Status.UNCHANGED));
    out.println("images skipped       " + count(plan, Status.SKIPPED));
    out.println("images failed        " + count(plan, Status.FAILED));
    if (count(plan, Status.WAITING) > 0) {
      out.println("images waiting       " + count(plan, Status.WAITING));
    }
    out.println("unique blobs         " + totals.blobs());
    out.println("bytes to move        " + Units.exactBytes(totals.toMove()));
    out.println("saved by sharing     " + Units.exactBytes(totals.shared()));
    out.println("there already        " + Units.exactBytes(totals.atTarget()));
  }

  private static String arrow(ImageRequest request) {
    boolean renamed = !request.source().equals(request.target());
    return renamed ? "  -> " + request.target() : "";
  }

  private static long count(Plan plan, Status status) {
    return plan.settled().stream().filter(r -> r.status() == status).count();
  }
}
