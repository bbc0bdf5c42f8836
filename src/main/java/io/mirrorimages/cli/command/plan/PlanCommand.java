package io.mirrorimages.cli.command.plan;

import io.mirrorimages.cli.process.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The commands that transfer, each as a dry run that also says what the run would need. */
@Command(
    name = PlanCommand.NAME,
    description =
        "Print what save, load or sync would do, and what it needs: images, GB, pulls, time, the"
            + " largest images, sticks. Nothing is transferred.",
    synopsisSubcommandLabel = "save|load|sync",
    mixinStandardHelpOptions = true)
public final class PlanCommand implements Callable<Integer> {
  /** What it is called. */
  public static final String NAME = "plan";

  @Override
  public Integer call() {
    throw new UsageException("name what is to be planned: plan save, plan load or plan sync");
  }
}
