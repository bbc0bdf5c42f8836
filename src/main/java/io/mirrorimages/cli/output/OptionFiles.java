package io.mirrorimages.cli.output;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.location.ImageLocation;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Refuses a command line that names one file for two purposes of which one is to be written: by
 * whatever paths and links it is named, and whether it exists or not.
 */
public final class OptionFiles {
  private static final Set<String> WRITTEN =
      Set.of(
          "--output",
          "--report",
          "--failed",
          "--metrics",
          "--debug",
          "--log-file",
          "--carry-sheet");

  /** Lists of what is not done are fed back, and then written anew. */
  private static final Set<String> FED_BACK = Set.of("--failed", "--list");

  /** How help calls what has no file's name. */
  private static final String NAME = "NAME";

  /** Standard input, or standard error. */
  private static final String STANDARD = "-";

  private OptionFiles() {}

  /** One file that the command line names. */
  private record Named(String option, Path file) {
    boolean isArchive() {
      return option.equals("--output");
    }
  }

  /** {@link ParameterException} if one file has two purposes. */
  public static void check(CommandSpec command) {
    List<Named> all = new ArrayList<>();
    for (ArgSpec argument : command.args()) {
      if (mayBeFile(argument)) {
        values(argument.getValue()).forEach(text -> addFiles(label(argument), text, all));
      }
    }
    OptionSpec volumes = command.findOption("--volume-size");
    boolean inVolumes = volumes != null && volumes.getValue() != null;
    for (Named written : all) {
      for (Named other : all) {
        if (WRITTEN.contains(written.option)
            && !written.option.equals(other.option)
            && !FED_BACK.equals(Set.of(written.option, other.option))
            && (isSame(written.file, other.file)
                || (written.isArchive()
                    && isPart(new ArchiveFileNames(written.file, inVolumes), other.file)))) {
          throw new ParameterException(
              command.commandLine(),
              "%s is the %s too, and would be written over as the %s: name another file"
                  .formatted(
                      other.file,
                      OptionName.given(command, other.option),
                      OptionName.given(command, written.option)));
        }
      }
    }
  }

  /** Words of a fixed set and names of users are none, though files may be called so. */
  private static boolean mayBeFile(ArgSpec argument) {
    return argument.completionCandidates() == null && !argument.paramLabel().equals(NAME);
  }

  private static String label(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static Stream<String> values(Object value) {
    return switch (value) {
      case Path path -> Stream.of(path.toString());
      case ImageLocation.Local place -> Stream.of(place.path().toString());
      case String text -> Stream.of(text);
      case Collection<?> several -> several.stream().flatMap(OptionFiles::values);
      case null, default -> Stream.empty();
    };
  }

  /** A value, and what stands behind its equals sign, as in {@code HOST=FILE}. */
  private static void addFiles(String option, String text, List<Named> all) {
    for (String part : List.of(text, text.substring(text.indexOf('=') + 1))) {
      try {
        if (!part.isEmpty() && !part.equals(STANDARD)) {
          all.add(new Named(option, Path.of(part)));
        }
      } catch (InvalidPathException e) {
        // No file then.
      }
    }
  }

  /** Whether {@code file} is, or would be, one of the files that belong to an archive. */
  private static boolean isPart(ArchiveFileNames archive, Path file) {
    Path name = file.getFileName();
    if (name == null || archive.output().getFileName() == null) {
      return false;
    }
    if (archive.includes(name.toString()) && isSame(archive.output().resolveSibling(name), file)) {
      return true;
    }
    try {
      // By another name: a link to a file that is there.
      return Files.exists(file)
          && archive.existing().stream().anyMatch(existing -> isSame(existing, file));
    } catch (IOException e) {
      // No such folder, which is said when the archive is to be written.
      return false;
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return (Files.exists(one) && Files.exists(other))
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
