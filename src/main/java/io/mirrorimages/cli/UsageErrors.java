package io.mirrorimages.cli;

import io.mirrorimages.cli.option.value.OptionValueException;
import io.mirrorimages.cli.option.value.Spelling;
import io.mirrorimages.cli.output.OutcomeOptions;
import io.mirrorimages.image.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is wrong with a command line, in one line. A value whose option is not known, or takes none,
 * is not shown: it may be a password.
 */
final class UsageErrors {
  private static final String LIST = "--list";
  private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

  private UsageErrors() {}

  static String message(ParameterException e) {
    return switch (e) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched);
      case OverwrittenOptionException twice ->
          called(twice.getOverwritten()) + " is given twice: give it once";
      case MissingParameterException missing -> missing(missing);
      case MaxValuesExceededException _ ->
          noValue(shown(e.getCommandLine().getCommandSpec(), quoted(e).getFirst()));
      default -> e.getArgSpec() == null ? firstLine(e) : value(e, e.getArgSpec());
    };
  }

  /** A value that can't be what it stands for. */
  private static String value(ParameterException e, ArgSpec argument) {
    if (argument.typeInfo().isBoolean()) {
      return noValue(called(argument));
    }
    if (argument.typeInfo().isEnum()) {
      return called(argument) + " takes " + argument.paramLabel();
    }
    return called(argument)
        + switch (e.getCause()) {
          case OptionValueException ours -> ours.getMessage();
          case TypeConversionException ours -> ": " + ours.getMessage();
          case null, default ->
              " takes " + argument.paramLabel() + ", not " + Text.quote(e.getValue());
        };
  }

  private static String noValue(String option) {
    return option
        + " takes no value"
        + (option.endsWith("password-stdin")
            ? ": the password comes by standard input (" + option + " < FILE)"
            : "");
  }

  /** An option without its value, or a command without what it is about. */
  private static String missing(MissingParameterException e) {
    ArgSpec first = e.getMissing().getFirst();
    if (first.isOption()) {
      return called(first) + " needs a value: " + first.paramLabel();
    }
    CommandSpec command = e.getCommandLine().getCommandSpec();
    List<String> labels = quoted(e);
    return String.join(" and ", labels)
        + (labels.size() > 1 ? " are" : " is")
        + " missing, as in "
        + command.qualifiedName()
        + " "
        + command.positionalParameters().stream()
            .map(ArgSpec::paramLabel)
            .collect(Collectors.joining(" "));
  }

  /** The name that the help shows first, without the short ones. */
  private static String called(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? Stream.of(option.names())
            .filter(name -> name.startsWith("--"))
            .findFirst()
            .orElse(option.longestName())
        : argument.paramLabel();
  }

  /** The shortest long name of the option that has this one. */
  private static String shown(CommandSpec command, String name) {
    OptionSpec option = command.findOption(name);
    return option == null
        ? name
        : Stream.of(option.names())
            .filter(other -> other.startsWith("--"))
            .min(Comparator.comparingInt(String::length))
            .orElse(name);
  }

  /** What only picocli's sentence names. */
  private static List<String> quoted(ParameterException e) {
    return QUOTED.matcher(firstLine(e)).results().map(name -> name.group(1)).toList();
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
    List<String> arguments = arguments(e);
    String first = arguments.getFirst();
    CommandLine called = e.getCommandLine();
    boolean commandMissing = called.getParent() == null || !called.getSubcommands().isEmpty();
    if (commandMissing && !first.startsWith("-")) {
      return "unknown command " + Text.quote(behindTool(first, called)) + commands(e);
    }
    Optional<String> option =
        arguments.stream().filter(a -> a.length() > 1 && a.startsWith("-")).findFirst();
    if (option.isPresent()) {
      Optional<String> negative = negativeValue(option.get(), e);
      if (negative.isPresent()) {
        return negative.get();
      }
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
    return "an argument belongs to no option"
        + behind(first, e)
        + ": leave it out, or put its option before it";
  }

  /**
   * Those that are left; one that stands where an option needs its value is in the message only.
   */
  private static List<String> arguments(UnmatchedArgumentException e) {
    return e.getUnmatched().isEmpty() ? quoted(e).subList(0, 1) : e.getUnmatched();
  }

  /** The word with those before it that are of the command, as in {@code plan sve}. */
  private static String behindTool(String word, CommandLine called) {
    return called.getParent() == null ? word : called.getCommandName() + " " + word;
  }

  private static boolean isOfACommand(String option, UnmatchedArgumentException e) {
    return e.getCommandLine().getSubcommands().values().stream()
        .anyMatch(command -> command.getCommandSpec().findOption(option) != null);
  }

  /** What the option before a negative number takes; no option of ours begins with a digit. */
  private static Optional<String> negativeValue(String word, UnmatchedArgumentException e) {
    if (!Character.isDigit(word.charAt(1))) {
      return Optional.empty();
    }
    List<String> all = e.getCommandLine().getParseResult().originalArgs();
    int at = all.indexOf(word);
    return at < 1
        ? Optional.empty()
        : Optional.ofNullable(e.getCommandLine().getCommandSpec().optionsMap().get(all.get(at - 1)))
            .map(option -> called(option) + refusal(option, word));
  }

  private static String refusal(ArgSpec option, String word) {
    try {
      for (ITypeConverter<?> converter : option.converters()) {
        converter.convert(word);
      }
    } catch (OptionValueException e) {
      return String.valueOf(e.getMessage());
    } catch (Exception e) {
      // As for any other value that can't be what it stands for.
    }
    return " takes " + option.paramLabel() + ", not " + Text.quote(word);
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
    return OtherNames.inOtherCommands(name)
        .map(other -> ": " + other)
        .orElseGet(() -> name.startsWith("--") ? didYouMean(nearOptions(name, command)) : "");
  }

  /** Of a command with two sides also those whose names are like it without their side. */
  private static List<String> nearOptions(String name, CommandSpec command) {
    Set<String> names = command.optionsMap().keySet();
    List<String> near = Spelling.near(name, names);
    return near.isEmpty()
        ? Spelling.near(
                name,
                names.stream()
                    .map(option -> option.replaceFirst("^--(?:source|target)-", "--"))
                    .collect(Collectors.toSet()))
            .stream()
            .flatMap(option -> OtherNames.options(option, command).stream())
            .toList()
        : near;
  }

  private static List<String> near(UnmatchedArgumentException e) {
    String word = arguments(e).getFirst();
    Set<String> commands = e.getCommandLine().getSubcommands().keySet();
    List<String> known = OtherNames.command(word).stream().filter(commands::contains).toList();
    return known.isEmpty() ? Spelling.near(word, commands) : known;
  }

  /** Those that are meant, or, of a command with a few, all. */
  private static String commands(UnmatchedArgumentException e) {
    String all = String.join(", ", e.getCommandLine().getSubcommands().keySet());
    List<String> near = near(e);
    return near.isEmpty() && e.getCommandLine().getParent() != null
        ? ": it is one of " + all
        : didYouMean(near);
  }

  private static String didYouMean(List<String> near) {
    return near.isEmpty() ? "" : ": did you mean " + String.join(" or ", near) + "?";
  }

  private static String behind(String argument, UnmatchedArgumentException e) {
    List<String> all = e.getCommandLine().getParseResult().originalArgs();
    int at = all.indexOf(argument);
    return at > 0 && all.get(at - 1).startsWith("-")
        ? " (the one after " + Text.plain(name(all.get(at - 1))) + ")"
        : at >= 0 ? " (number " + (at + 1) + ")" : "";
  }

  private static String firstLine(ParameterException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
