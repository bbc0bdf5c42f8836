package io.mirrorimages.cli.option;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.InventoryFile;
import io.mirrorimages.archive.read.LocalContent;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The files of archives, named as arguments of a command, by its option, or by both. */
public final class ArchiveOption {
  private static final String NAME = "--archive";

  @Parameters(
      paramLabel = "ARCHIVE",
      arity = "0..*",
      description = "The same as --archive ARCHIVE.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = {"-a", NAME},
      paramLabel = "ARCHIVE",
      arity = "1..*",
      description =
          "The archive, as save made it: one file, or its volumes in any order, also by the"
              + " --output they have in common, or as 'rancher-*.tar'. Several archives can be"
              + " given, deltas and what they are based on too, also of other tools. Or oci:DIR, a"
              + " folder that is an OCI image layout.")
  private List<String> files = new ArrayList<>();

  @Mixin private UnpackOptions unpacking;

  /** Gives its option in a command one more name. */
  public static void addName(CommandSpec command, String name) {
    OptionNames.add(command, NAME, name);
  }

  public boolean isGiven() {
    return !names().isEmpty();
  }

  /**
   * What was given, as it was given; at least one name.
   *
   * @throws UsageException if nothing was
   */
  public List<String> given() {
    if (!isGiven()) {
      throw new UsageException("no archive: name its file, as in rancher.tar");
    }
    return names();
  }

  private List<String> names() {
    return Stream.concat(arguments.stream(), files.stream()).toList();
  }

  /**
   * Opens the archive; the caller closes it.
   *
   * @param listener is told how the unpacking of a compressed archive goes
   */
  public ArchiveReader open(RunListener listener) throws IOException {
    return open(given(), listener);
  }

  /** The same for what {@code names} name of it. */
  public ArchiveReader open(List<String> names, RunListener listener) throws IOException {
    return open(names, listener, Unpacker.Precondition.NONE);
  }

  /**
   * The same.
   *
   * @param first what is done before anything is unpacked
   */
  public ArchiveReader open(List<String> names, RunListener listener, Unpacker.Precondition first)
      throws IOException {
    return ArchiveReader.openAll(places(names), Optional.of(unpacking.unpacker(listener, first)));
  }

  /** The same of all that was given; names of several images are left to the caller. */
  public ArchiveReader openAmbiguous(RunListener listener) throws IOException {
    return ArchiveReader.openAll(places(given()), Optional.of(unpacking.unpacker(listener)), true);
  }

  /** The inventory of {@code place}, which is {@linkplain #first given}. */
  public Inventory inventory(ImageLocation.Local place, RunListener listener) throws IOException {
    return InventoryFile.read(place, unpacking.unpacker(listener), unpacking.keep(), listener);
  }

  /** The options, as words of a command line, without which another command can't open it. */
  public List<String> words() {
    return unpacking.words();
  }

  /** As {@link UnpackOptions#ended}. */
  public int ended(ArchiveReader reader, int exitCode) {
    return unpacking.ended(reader, exitCode);
  }

  /** Opens what {@code names} name; the caller closes it. */
  public static ArchiveReader open(List<String> names, Unpacker unpacker) throws IOException {
    return ArchiveReader.openAll(places(names), Optional.of(unpacker));
  }

  /**
   * Where the inventory of an archive is: the file that is given, or any one of its volumes.
   *
   * @throws UsageException if nothing is given, or several archives may be
   */
  public ImageLocation.Local first() throws IOException {
    if (given().size() > 1) {
      throw new UsageException("one archive, or any one of its volumes, is enough: name one file");
    }
    return places(names()).getFirst();
  }

  /** As the user calls it. */
  public String name() {
    return String.join(" ", names());
  }

  /**
   * The image that one of {@code names} names beside archives: no file is there under that name.
   * Empty if all are archives.
   */
  public static Optional<String> imageAmong(List<String> names) throws IOException {
    for (String name : names) {
      if (names.size() > 1 && isImage(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** Whether a word can only be meant as an archive or folder, whether that exists or not. */
  public static boolean isMeantAsOne(String word) {
    return word.endsWith(".tar") || word.startsWith("oci:") || word.startsWith("oci-archive:");
  }

  /** Whether a word names an archive, by its content if it exists, and no list. */
  static boolean isOne(String word) {
    try {
      return content(word) == LocalContent.ARCHIVE;
    } catch (IOException | UsageException e) {
      // Who opens it says what is wrong with it.
      return isMeantAsOne(word);
    }
  }

  /**
   * What {@code name} names: an archive, or something that is none.
   *
   * @throws UsageException if it can name none of these
   */
  public static LocalContent content(String name) throws IOException {
    if (!(parse(name) instanceof ImageLocation.OciArchive(Path file))) {
      return LocalContent.ARCHIVE;
    }
    if (Files.isDirectory(file) || Files.isRegularFile(file)) {
      return LocalContent.of(file);
    }
    return isMeantAsOne(name) || !volumes(file).isEmpty()
        ? LocalContent.ARCHIVE
        : LocalContent.TEXT;
  }

  private static boolean isImage(String name) throws IOException {
    return parse(name) instanceof ImageLocation.OciArchive(Path file)
        && !isMeantAsOne(name)
        && !Files.exists(file)
        && files(file).equals(List.of(file));
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
    return volumes.isEmpty() ? FilePattern.files(path) : volumes;
  }

  /** The volumes that save made of this {@code --output}, if there are any. */
  private static List<Path> volumes(Path output) throws IOException {
    Path folder = output.toAbsolutePath().getParent();
    return output.getFileName() == null || folder == null || !Files.isDirectory(folder)
        ? List.of()
        : ArchiveFileNames.ofVolumes(output).finished();
  }
}
