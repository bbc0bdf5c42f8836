package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.UsageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Names of files that the shell has left as a pattern, since they stood in quotes. */
final class FilePattern {
  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

  private FilePattern() {}

  /**
   * The files that {@code path} stands for, sorted by name: itself, unless there is no such file
   * and its last part is a pattern.
   *
   * @throws UsageException if it is a pattern that no file matches
   */
  static List<Path> files(Path path) throws IOException {
    Path name = path.getFileName();
    return Files.exists(path) || name == null || !WILDCARD.matcher(name.toString()).find()
        ? List.of(path)
        : matching(path);
  }

  private static List<Path> matching(Path pattern) throws IOException {
    List<Path> found = new ArrayList<>();
    Path folder = pattern.toAbsolutePath().getParent();
    if (folder != null && Files.isDirectory(folder)) {
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
