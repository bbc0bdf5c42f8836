package io.mirrorimages.cli.output;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Finds what was given to a command by the names of its options. */
public final class CommandOptions {
  /** The option that stops a command behind its plan. */
  public static final String DRY_RUN = "--dry-run";

  private CommandOptions() {}

  /** The object that has an option among its fields; empty if the command has no such option. */
  static <T> Optional<T> owner(CommandSpec command, String option) {
    OptionSpec found = command.findOption(option);
    try {
      return found == null ? Optional.empty() : Optional.of(found.scope().<T>get());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether only the plan is wanted. */
  static boolean isDryRun(CommandSpec command) {
    OptionSpec option = command.findOption(DRY_RUN);
    return option != null && Boolean.TRUE.equals(option.getValue());
  }

  /** Asks for the plan only, as if the option were given; nothing if the command has none. */
  public static void askForDryRun(CommandSpec command) {
    OptionSpec option = command.findOption(DRY_RUN);
    if (option != null) {
      option.setValue(true);
    }
  }
}
