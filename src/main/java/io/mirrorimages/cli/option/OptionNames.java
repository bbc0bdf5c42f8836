package io.mirrorimages.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Names of options that only some commands have. */
final class OptionNames {
  private OptionNames() {}

  /** Gives the option that {@code command} has as {@code known} the name {@code other} too. */
  static void add(CommandSpec command, String known, String other) {
    OptionSpec option = Objects.requireNonNull(command.findOption(known));
    List<String> names = new ArrayList<>(List.of(option.names()));
    names.add(other);
    command.remove(option);
    command.addOption(OptionSpec.builder(option).names(names.toArray(String[]::new)).build());
  }
}
