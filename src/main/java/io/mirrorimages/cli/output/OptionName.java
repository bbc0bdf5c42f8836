package io.mirrorimages.cli.output;

import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.failure.Side;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** How a user of the command line gives a setting. */
public final class OptionName {
  /** Names that only some commands have, which speak of them so. */
  private static final Set<String> OWN = Set.of("--from", "--to");

  private OptionName() {}

  /** The option of that setting in a command with one registry side. */
  public static String of(Setting setting) {
    return "--" + setting.id();
  }

  /**
   * The name by which an option was given to {@code command}, as some have several; else the
   * command's own.
   *
   * @param known any name of it
   */
  static String given(CommandSpec command, String known) {
    ParseResult parsed = command.commandLine().getParseResult();
    List<String> words = parsed == null ? List.of() : parsed.originalArgs();
    return names(command, known).stream()
        .filter(name -> words.stream().anyMatch(w -> w.equals(name) || w.startsWith(name + "=")))
        .findFirst()
        .orElseGet(() -> own(command, known));
  }

  /** The command's own name for an option that other commands know as {@code known}. */
  static String own(CommandSpec command, String known) {
    return names(command, known).stream().filter(OWN::contains).findFirst().orElse(known);
  }

  private static List<String> names(CommandSpec command, String known) {
    OptionSpec option = command.findOption(known);
    return option == null
        ? List.of()
        : Stream.of(option.names()).filter(name -> name.startsWith("--")).toList();
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
          : given(setting);
    }

    @Override
    public String of(Setting setting, Side side) {
      return hasSides(setting) ? "--" + side.id() + "-" + setting.id() : given(setting);
    }

    private String given(Setting setting) {
      String name = OptionName.of(setting);
      return called.get().map(command -> OptionName.given(command, name)).orElse(name);
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
