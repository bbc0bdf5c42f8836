package io.mirrorimages.cli.output;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.report.FailedList;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Finds what was given to a command by the names of its options. */
public final class CommandOptions {
  /** The option that stops a command behind its plan. */
  public static final String DRY_RUN = "--dry-run";

  private static final String LIST = "--list";
  private static final String ARCHIVE = "--archive";

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

  /**
   * What a command works on: its archives and registries, or else its lists. The volumes of one
   * archive are one job, whichever of them a run is given.
   */
  static FailedList.ListOwner job(CommandSpec command) {
    List<String> words = new ArrayList<>(List.of(command.name()));
    boolean readsArchives = command.findOption(ARCHIVE) != null;
    command
        .positionalParameters()
        .forEach(names -> words.addAll(readsArchives ? archives(values(names)) : values(names)));
    add(OptionName.own(command, ARCHIVE), archives(values(command, ARCHIVE)), words);
    for (String option : List.of("--output", "--registry")) {
      add(command, option, words);
    }
    if (values(command, "--output").isEmpty()) {
      add(command, LIST, words);
    }
    return new FailedList.ListOwner(
        String.join(" ", words),
        values(command, LIST).stream().map(Path::of).collect(Collectors.toSet()));
  }

  private static List<String> archives(List<String> files) {
    return files.stream().map(ArchiveFileNames::common).distinct().toList();
  }

  private static void add(CommandSpec command, String option, List<String> words) {
    add(OptionName.own(command, option), values(command, option), words);
  }

  private static void add(String option, List<String> values, List<String> words) {
    if (!values.isEmpty()) {
      words.add(option);
      words.addAll(values);
    }
  }

  private static List<String> values(CommandSpec command, String option) {
    OptionSpec found = command.findOption(option);
    return found == null ? List.of() : values(found);
  }

  private static List<String> values(ArgSpec given) {
    Object value = given.getValue();
    return switch (value) {
      case null -> List.of();
      case Collection<?> all -> all.stream().map(String::valueOf).toList();
      default -> List.of(value.toString());
    };
  }

  /** Whether only the plan is wanted. */
  static boolean isDryRun(CommandSpec command) {
    OptionSpec option = command.findOption(DRY_RUN);
    return option != null && Boolean.TRUE.equals(option.getValue());
  }

  /** What is given to an option in a command line that could not be parsed to its end. */
  static Optional<String> readAhead(String option, List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
      if (argument.startsWith(option + "=")) {
        return Optional.of(argument.substring(option.length() + 1));
      }
      if (argument.equals(option) && !next.isEmpty() && !next.startsWith("-")) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /** Sets an option that names a file, as {@link #readAhead} finds it. */
  static void readAheadFile(CommandSpec command, String name, List<String> arguments) {
    OptionSpec option = command.findOption(name);
    Optional<String> given = readAhead(name, arguments);
    if (option != null && given.isPresent()) {
      try {
        option.setValue(Path.of(given.get()));
      } catch (InvalidPathException e) {
        // No file's name: nothing is written.
      }
    }
  }

  /** Asks for the plan only, as if the option were given; nothing if the command has none. */
  public static void askForDryRun(CommandSpec command) {
    OptionSpec option = command.findOption(DRY_RUN);
    if (option != null) {
      option.setValue(true);
    }
  }
}
