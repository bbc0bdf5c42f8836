package io.mirrorimages.cli.command;

import io.mirrorimages.cli.option.LimitOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.registry.limit.HostBudget;
import io.mirrorimages.registry.limit.HostBudgets;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What registries are asked for at most. */
@Command(
    name = "limits",
    description = "Print the limits that hold for each registry, as --limit takes them.",
    mixinStandardHelpOptions = true)
final class LimitsCommand implements Callable<Integer> {
  private final PrintStream out;

  @Mixin private LimitOption limits;

  LimitsCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    for (HostBudget budget : limits.budgets().all()) {
      out.println(budget.registry() + ":" + budget.limits());
      HostBudgets.reason(budget.registry()).ifPresent(reason -> out.println("  # " + reason));
    }
    out.println("any other:concurrency=" + HostBudget.DEFAULT_CONCURRENCY);
    return ExitCode.DONE;
  }
}
