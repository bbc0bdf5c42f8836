package io.mirrorimages.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Refuses a command line that names one file for two purposes of which one is to be written: by
 * whatever paths and links it is named, and whether it exists or not.
 */
final class OptionFiles {
  private static final Set<String> WRITTEN = Set.of("--output", "--report", "--failed");

  /** Lists of what is not done are fed back, and then written anew. */
  private static final Set<String> FED_BACK = Set.of("--failed", "--list");

  private static final List<String> BESIDE_AN_ARCHIVE = List.of(".partial", ".journal", ".lock");

  private OptionFiles() {}

  /** One file that the command line names. */
  private record Named(String option, Path file) {}

  /** {@link ParameterException} if one file has two purposes. */
  static void check(ParseResult parsed) {
    ParseResult command = parsed;
    while (command.hasSubcommand()) {
      command = command.subcommand();
    }
    List<Named> all = new ArrayList<>();
    for (ArgSpec argument : command.commandSpec().args()) {
      values(argument.getValue()).forEach(text -> addFiles(label(argument), text, all));
    }
    for (Named written : all) {
      for (Named other : all) {
        if (WRITTEN.contains(written.option)
            && !written.option.equals(other.option)
            && !FED_BACK.equals(Set.of(written.option, other.option))
            && isWritten(written, other.file)) {
          throw new ParameterException(
              command.commandSpec().commandLine(),
              "%s is the %s too, and would be written over as the %s: name another file"
                  .formatted(other.file, other.option, written.option));
        }
      }
    }
  }

  private static String label(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static Stream<String> values(Object value) {
    return switch (value) {
      case Path path -> Stream.of(path.toString());
      case String text -> Stream.of(text);
      case Collection<?> several -> several.stream().flatMap(OptionFiles::values);
      case null, default -> Stream.empty();
    };
  }

  /** A value, and what stands behind its equals sign, as in {@code HOST=FILE}. */
  private static void addFiles(String option, String text, List<Named> all) {
    for (String part : List.of(text, text.substring(text.indexOf('=') + 1))) {
      try {
        if (!part.isEmpty()) {
          all.add(new Named(option, Path.of(part)));
        }
      } catch (InvalidPathException e) {
        // No file then.
      }
    }
  }

  private static boolean isWritten(Named written, Path other) {
    if (isSame(written.file, other)) {
      return true;
    }
    return written.option.equals("--output")
        && BESIDE_AN_ARCHIVE.stream().anyMatch(end -> isSame(Path.of(written.file + end), other));
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.exists(one) && Files.exists(other)
          ? Files.isSameFile(one, other)
          : resolved(one).equals(resolved(other));
    } catch (IOException e) {
      return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
  }

  /** Its absolute path, with the links of its folder resolved. */
  private static Path resolved(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
  }
}
