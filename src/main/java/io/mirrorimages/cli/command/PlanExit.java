package io.mirrorimages.cli.command;

import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.report.PlanText;
import java.io.PrintStream;
import java.util.stream.Stream;

/** The end of a dry run. */
final class PlanExit {
  private PlanExit() {}

  /** Prints the plan; the exit code tells whether every image can be planned. */
  static int print(Plan plan, PrintStream out) {
    PlanText.print(plan, out);
    return code(plan);
  }

  /** The exit code alone. */
  static int code(Plan plan) {
    if (plan.images().isEmpty()) {
      return ExitCode.of(plan.settled());
    }
    return plan.settled().stream().allMatch(r -> r.status().isSettled())
        ? ExitCode.of(
            Stream.concat(
                    plan.settled().stream(), plan.images().stream().map(ImageResult::unchanged))
                .toList())
        : ExitCode.SOME_FAILED;
  }
}
