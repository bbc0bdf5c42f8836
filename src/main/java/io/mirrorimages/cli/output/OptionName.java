package io.mirrorimages.cli.output;

import io.mirrorimages.failure.Setting;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** How a user of the command line gives a setting. */
public final class OptionName {
  private OptionName() {}

  /** The option of that setting in a command with one registry side. */
  public static String of(Setting setting) {
    return "--" + setting.id();
  }

  /**
   * The options in {@code command}: where it has a source and a target, a setting of one registry
   * has an option for each.
   */
  public static Function<Setting, String> in(CommandSpec command) {
    return setting -> {
      String source = "--source-" + setting.id();
      boolean twice = command.findOption(of(setting)) == null && command.findOption(source) != null;
      return twice ? source + " or --target-" + setting.id() : of(setting);
    };
  }
}
