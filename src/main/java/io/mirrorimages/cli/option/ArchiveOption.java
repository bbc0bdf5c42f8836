package io.mirrorimages.cli.option;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.location.ImageLocation;
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
public final class ArchiveOption {
  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

  @Option(
      names = {"-a", "--archive"},
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "The archive, as save made it: one file, or its volumes in any order, also by the"
              + " --output they have in common, or as 'rancher-*.tar'. Several archives can be"
              + " given, deltas and what they are based on too. Or oci:DIR, a folder that is an OCI"
              + " image layout.")
  private List<String> files = new ArrayList<>();

  public boolean isGiven() {
    return !files.isEmpty();
  }

  /** Opens the archive; the caller closes it. */
  public ArchiveReader open() throws IOException {
    if (files.isEmpty()) {
      throw new UsageException("no archive: add --archive FILE");
    }
    return open(files);
  }

  /** Opens what {@code names} name; the caller closes it. */
  public static ArchiveReader open(List<String> names) throws IOException {
    return ArchiveReader.openAll(places(names));
  }

  /** As the user calls it. */
  public String name() {
    return String.join(" ", files);
  }

  /** The places that {@code names} name; what the shell left as a pattern is resolved here. */
  private static List<ImageLocation.Local> places(List<String> names) throws IOException {
    Set<ImageLocation.Local> places = new LinkedHashSet<>();
    for (String name : names) {
      switch (parse(name)) {
        case ImageLocation.OciArchive(Path file) ->
            files(file).forEach(one -> places.add(new ImageLocation.OciArchive(one)));
        case ImageLocation.OciLayout folder -> places.add(folder);
      }
    }
    return List.copyOf(places);
  }

  /**
   * The place that {@code name} names; it need not exist.
   *
   * @throws UsageException if it names none
   */
  public static ImageLocation.Local parse(String name) {
    if (name.equals("-")) {
      throw new UsageException(
          "an archive can't be read from standard input, since it is read in any order: name a"
              + " file");
    }
    try {
      return ImageLocation.parseLocal(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static List<Path> files(Path path) throws IOException {
    List<Path> volumes = Files.exists(path) ? List.of() : volumes(path);
    if (!volumes.isEmpty()) {
      return volumes;
    }
    Path name = path.getFileName();
    return Files.exists(path) || name == null || !WILDCARD.matcher(name.toString()).find()
        ? List.of(path)
        : matching(path);
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
