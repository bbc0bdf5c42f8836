package io.mirrorimages.cli;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.read.ArchiveReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The option that names the files of an archive. */
final class ArchiveOption {
  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

  @Option(
      names = {"-a", "--archive"},
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "The archive, as save made it: one file, or its volumes in any order, also by the"
              + " --output they have in common, or as 'rancher-*.tar'. Several archives can be"
              + " given, deltas and what they are based on too.")
  private List<String> files = new ArrayList<>();

  boolean isGiven() {
    return !files.isEmpty();
  }

  /** Opens the archive; the caller closes it. */
  ArchiveReader open() throws IOException {
    return ArchiveReader.open(paths());
  }

  /** As the user calls it. */
  String name() {
    return String.join(" ", files);
  }

  /** The files, patterns resolved. */
  List<Path> paths() throws IOException {
    if (files.isEmpty()) {
      throw new UsageException("no archive: add --archive FILE");
    }
    return paths(files);
  }

  /** The files that {@code names} name; what the shell left as a pattern is resolved here. */
  static List<Path> paths(List<String> names) throws IOException {
    Set<Path> paths = new LinkedHashSet<>();
    for (String name : names) {
      Path path = Path.of(name);
      List<Path> volumes = Files.exists(path) ? List.of() : volumes(path);
      if (!volumes.isEmpty()) {
        paths.addAll(volumes);
      } else if (Files.exists(path) || !WILDCARD.matcher(path.getFileName().toString()).find()) {
        paths.add(path);
      } else {
        paths.addAll(matching(path));
      }
    }
    return List.copyOf(paths);
  }

  /** The volumes that save made of this {@code --output}, if there are any. */
  private static List<Path> volumes(Path output) throws IOException {
    Path folder = output.toAbsolutePath().getParent();
    return output.getFileName() == null || folder == null || !Files.isDirectory(folder)
        ? List.of()
        : ArchiveFileNames.ofVolumes(output).finished();
  }

  private static List<Path> matching(Path pattern) throws IOException {
    List<Path> found = new ArrayList<>();
    Path folder = pattern.toAbsolutePath().getParent();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(folder, pattern.getFileName().toString())) {
        files.forEach(file -> found.add(pattern.resolveSibling(file.getFileName())));
      }
    }
    if (found.isEmpty()) {
      throw new UsageException("no file is called like " + pattern + ": check the path");
    }
    found.sort(null);
    return found;
  }
}
