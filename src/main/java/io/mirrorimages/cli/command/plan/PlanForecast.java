package io.mirrorimages.cli.command.plan;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.report.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** What a plan needs: bytes, pulls and time, and its largest images. */
public final class PlanForecast {
  /** Of a line of 100 Mbit/s. */
  private static final long ASSUMED_RATE = 10_000_000;

  private static final int LARGEST = 5;

  private PlanForecast() {}

  /**
   * The lines that stand below the plan.
   *
   * @param rate bytes per second; empty if none was given, so that one is assumed
   * @param limits those of {@link LimitForecast}
   */
  public static List<String> lines(Plan plan, OptionalLong rate, List<String> limits) {
    List<String> lines = new ArrayList<>();
    Plan.Totals totals = plan.totals();
    lines.add(
        "to move              "
            + Units.bytes(totals.toMove())
            + " of "
            + Units.bytes(totals.mentioned())
            + "; the rest is shared, or there already");
    lines.add(
        "time                 "
            + time(totals.toMove(), rate.orElse(ASSUMED_RATE))
            + " at "
            + Units.bytes(rate.orElse(ASSUMED_RATE))
            + "/s"
            + (rate.isPresent() ? "" : " (assumed: --max-rate gives another)"));
    lines.addAll(limits);
    plan.images().stream()
        .sorted(Comparator.comparingLong(PlanForecast::size).reversed())
        .limit(LARGEST)
        .forEach(
            image ->
                lines.add(
                    "large                "
                        + Units.bytes(size(image))
                        + "  "
                        + image.request().source()));
    return lines;
  }

  private static String time(long bytes, long rate) {
    return Units.time(Duration.ofSeconds(Math.ceilDiv(bytes, rate)));
  }

  private static long size(PlannedImage image) {
    return image.blobs().stream().mapToLong(Descriptor::size).sum();
  }
}
