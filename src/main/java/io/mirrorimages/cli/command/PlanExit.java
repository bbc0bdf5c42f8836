package io.mirrorimages.cli.command;

import io.mirrorimages.cli.command.plan.PlanForecast;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.report.PlanText;
import java.io.PrintStream;

/** The end of a dry run. */
final class PlanExit {
  private PlanExit() {}

  /**
   * Prints the plan; the exit code tells whether every image can be planned.
   *
   * @param pulled whether the images come from registries
   */
  static int print(RunOptions options, Plan plan, boolean pulled, PrintStream out) {
    PlanText.print(plan, out);
    if (options.isPlanned()) {
      PlanForecast.lines(plan, options.maxRate(), pulled).forEach(out::println);
    }
    return code(plan);
  }

  /** The exit code alone. */
  static int code(Plan plan) {
    JobResult foreseen = JobResult.foreseen(plan);
    return plan.images().isEmpty() || foreseen.isDone()
        ? ExitCode.of(foreseen.results())
        : ExitCode.SOME_FAILED;
  }
}
