package io.mirrorimages.cli.command;

import io.mirrorimages.cli.command.plan.LimitForecast;
import io.mirrorimages.cli.command.plan.PlanForecast;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.PlanText;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** The end of a dry run. */
final class PlanExit {
  private PlanExit() {}

  /**
   * Prints the plan; the exit code tells whether every image can be planned.
   *
   * @param from the registries that the images come from; empty if they come from archives
   */
  static int print(RunOptions options, Plan plan, Optional<Registries> from, PrintStream out)
      throws IOException {
    if (options.log().isForPrograms()) {
      plan.images().forEach(image -> options.listeners().on(new RunEvent.ImagePlanned(image)));
      plan.settled().forEach(result -> options.listeners().on(new RunEvent.ImageEnded(result)));
      options.listeners().on(new RunEvent.PlanMade(plan));
    } else {
      PlanText.print(plan, out);
    }
    if (options.isPlanned()) {
      List<String> limits =
          from.isPresent() ? LimitForecast.lines(plan, from.get(), options.budgets()) : List.of();
      PlanForecast.lines(plan, options.maxRate(), limits)
          .forEach(line -> print(options, line, out));
    }
    return code(plan);
  }

  /** Prints a line of the plan that is a name and, behind blanks, its value: as a note in JSON. */
  static void print(RunOptions options, String line, PrintStream out) {
    if (options.log().isForPrograms()) {
      options.listeners().on(new RunEvent.Note(line.replaceFirst(" {2,}", ": ")));
    } else {
      out.println(line);
    }
  }

  /** The exit code alone. */
  static int code(Plan plan) {
    JobResult foreseen = JobResult.foreseen(plan);
    return plan.images().isEmpty() || foreseen.isDone()
        ? ExitCode.of(foreseen.results())
        : ExitCode.SOME_FAILED;
  }
}
