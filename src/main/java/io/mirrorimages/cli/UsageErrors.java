package io.mirrorimages.cli;

import io.mirrorimages.cli.option.value.OptionValueException;
import io.mirrorimages.cli.output.OutcomeOptions;
import io.mirrorimages.image.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is wrong with a command line, in one line. A value whose option is not known, or takes none,
 * is not shown: it may be a password.
 */
final class UsageErrors {
  private static final String LIST = "--list";

  private UsageErrors() {}

  static String message(ParameterException e) {
    if (e.getCause() instanceof OptionValueException value
        && e.getArgSpec() instanceof OptionSpec option) {
      return option.longestName() + value.getMessage();
    }
    if (e.getCause() instanceof TypeConversionException
        && e.getArgSpec() instanceof OptionSpec option
        && option.typeInfo().isEnum()) {
      return option.longestName() + " takes " + option.paramLabel();
    }
    return switch (e) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched);
      default -> shortened(firstLine(e));
    };
  }

  /**
   * The command whose files tell of the mistake: the one that was called, or, where its name is
   * misspelt, the one that is most like it.
   */
  static CommandSpec meant(ParameterException e) {
    CommandLine called = e.getCommandLine();
    if (called.getParent() != null || !(e instanceof UnmatchedArgumentException unmatched)) {
      return called.getCommandSpec();
    }
    return Stream.concat(near(unmatched).stream(), Stream.of("save"))
        .map(called.getSubcommands()::get)
        .filter(Objects::nonNull)
        .map(CommandLine::getCommandSpec)
        .filter(command -> OutcomeOptions.of(command).isPresent())
        .findFirst()
        .orElse(called.getCommandSpec());
  }

  private static String unmatched(UnmatchedArgumentException e) {
    List<String> arguments = e.getUnmatched();
    String first = arguments.getFirst();
    CommandLine called = e.getCommandLine();
    boolean commandMissing = called.getParent() == null || !called.getSubcommands().isEmpty();
    if (commandMissing && !first.startsWith("-")) {
      return "unknown command " + Text.quote(behindTool(first, called)) + didYouMean(near(e));
    }
    Optional<String> option =
        arguments.stream().filter(a -> a.length() > 1 && a.startsWith("-")).findFirst();
    if (option.isPresent()) {
      String name = name(option.get());
      return "unknown option "
          + Text.plain(name)
          + (commandMissing && isOfACommand(name, e)
              ? ": it belongs behind a command, as in "
                  + called.getCommandSpec().qualifiedName()
                  + " save "
                  + Text.plain(name)
              : hint(name, e));
    }
    CommandSpec command = e.getCommandLine().getCommandSpec();
    if (command.findOption(LIST) != null && Files.isRegularFile(Path.of(first))) {
      return Text.plain(first)
          + " belongs to no option: did you mean --list "
          + Text.plain(first)
          + "?";
    }
    return "an argument belongs to no option" + behind(first, e);
  }

  /** The word with those before it that are of the command, as in {@code plan sve}. */
  private static String behindTool(String word, CommandLine called) {
    return called.getParent() == null ? word : called.getCommandName() + " " + word;
  }

  private static boolean isOfACommand(String option, UnmatchedArgumentException e) {
    return e.getCommandLine().getSubcommands().values().stream()
        .anyMatch(command -> command.getCommandSpec().findOption(option) != null);
  }

  /** Without its value, also where that follows at once, as in {@code -psecret}. */
  private static String name(String argument) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    return name.startsWith("--") ? name : name.substring(0, 2);
  }

  private static String hint(String name, UnmatchedArgumentException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    List<String> meant = OtherNames.options(name, command);
    if (!meant.isEmpty()) {
      return didYouMean(meant);
    }
    List<String> password = OtherNames.options("--password-stdin", command);
    if ((name.contains("pass") || name.equals("-p")) && !password.isEmpty()) {
      return ": a password comes by " + String.join(" or ", password);
    }
    return name.startsWith("--")
        ? didYouMean(Spelling.near(name, command.optionsMap().keySet()))
        : OtherNames.inOtherCommands(name).map(other -> ": " + other).orElse("");
  }

  private static List<String> near(UnmatchedArgumentException e) {
    String word = e.getUnmatched().getFirst();
    List<String> known = OtherNames.command(word);
    return known.isEmpty()
        ? Spelling.near(word, e.getCommandLine().getSubcommands().keySet())
        : known;
  }

  private static String didYouMean(List<String> near) {
    return near.isEmpty() ? "" : ": did you mean " + String.join(" or ", near) + "?";
  }

  private static String behind(String argument, UnmatchedArgumentException e) {
    List<String> all = e.getCommandLine().getParseResult().originalArgs();
    int at = all.indexOf(argument);
    return at > 0 && all.get(at - 1).startsWith("-")
        ? ": the one after " + Text.plain(name(all.get(at - 1)))
        : at >= 0 ? ": number " + (at + 1) : "";
  }

  /**
   * Picocli's sentences, with the option first. A value that an option does not take is not shown.
   */
  private static String shortened(String message) {
    return message
        .replaceFirst("^Invalid value for option '([^']*)'(?: \\([^)]*\\))?: ", "$1: ")
        .replaceFirst(
            "^Missing required parameter for option '([^']*)' \\((.*)\\)$", "$1 needs a value: $2")
        .replaceFirst(
            "^Expected parameter for option '([^']*)' but found '.*'$", "$1 needs a value")
        .replaceFirst("^Missing required parameters?: (.*)$", "missing: $1")
        .replaceFirst(
            "^[Oo]ption '([^']*)'.* should be specified without '.*' parameter.*$",
            "$1 takes no value");
  }

  private static String firstLine(ParameterException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
