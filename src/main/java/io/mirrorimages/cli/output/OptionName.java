package io.mirrorimages.cli.output;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.failure.Side;
import java.util.Optional;
import java.util.function.Supplier;
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
  public static SettingNames in(CommandSpec command) {
    return in(() -> Optional.of(command));
  }

  /** The same as soon as it is known which command is called. */
  public static SettingNames in(Supplier<Optional<CommandSpec>> called) {
    return new InCommand(called);
  }

  private record InCommand(Supplier<Optional<CommandSpec>> called) implements SettingNames {
    @Override
    public String of(Setting setting) {
      return hasSides(setting)
          ? of(setting, Side.SOURCE) + " or " + of(setting, Side.TARGET)
          : OptionName.of(setting);
    }

    @Override
    public String of(Setting setting, Side side) {
      return hasSides(setting) ? "--" + side.id() + "-" + setting.id() : OptionName.of(setting);
    }

    private boolean hasSides(Setting setting) {
      return called
          .get()
          .filter(command -> command.findOption(OptionName.of(setting)) == null)
          .filter(command -> command.findOption("--source-" + setting.id()) != null)
          .isPresent();
    }
  }
}
