package io.mirrorimages.cli;

import io.mirrorimages.cli.option.value.OptionValueException;
import io.mirrorimages.image.Text;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is wrong with a command line, in one line. A value whose option is not known, or takes none,
 * is not shown: it may be a password.
 */
final class UsageErrors {
  private UsageErrors() {}

  static String message(ParameterException e) {
    if (e.getCause() instanceof OptionValueException value
        && e.getArgSpec() instanceof OptionSpec option) {
      return option.longestName() + value.getMessage();
    }
    return switch (e) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched);
      default -> withoutValue(firstLine(e));
    };
  }

  private static String unmatched(UnmatchedArgumentException e) {
    List<String> arguments = e.getUnmatched();
    Optional<String> option =
        arguments.stream().filter(a -> a.length() > 1 && a.startsWith("-")).findFirst();
    if (option.isPresent()) {
      String name = name(option.get());
      return "unknown option " + Text.plain(name) + hint(name, e);
    }
    if (e.getCommandLine().getParent() == null) {
      return "unknown command " + Text.quote(arguments.getFirst()) + hint("", e);
    }
    return "an argument belongs to no option" + behind(arguments.getFirst(), e);
  }

  /** Without its value, also where that follows at once, as in {@code -psecret}. */
  private static String name(String argument) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    return name.startsWith("--") ? name : name.substring(0, 2);
  }

  private static String hint(String name, UnmatchedArgumentException e) {
    if (name.contains("pass") || name.equals("-p")) {
      return ": a password comes by --password-stdin";
    }
    List<String> near = e.getSuggestions();
    return near.isEmpty() ? "" : ": did you mean " + String.join(" or ", near) + "?";
  }

  private static String behind(String argument, UnmatchedArgumentException e) {
    List<String> all = e.getCommandLine().getParseResult().originalArgs();
    int at = all.indexOf(argument);
    return at > 0 && all.get(at - 1).startsWith("-")
        ? ": the one after " + Text.plain(name(all.get(at - 1)))
        : at >= 0 ? ": number " + (at + 1) : "";
  }

  private static String withoutValue(String message) {
    return message.replaceFirst("without '.*' parameter", "without a value");
  }

  private static String firstLine(ParameterException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
