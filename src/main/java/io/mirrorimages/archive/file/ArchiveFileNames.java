package io.mirrorimages.archive.file;

import io.mirrorimages.disk.OwnFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of all files that a save with this {@code --output} can write: the archive or its
 * volumes, their partial files, and what lies beside them. For {@code rancher.tar} these are
 *
 * <pre>
 * one file:  rancher.tar       rancher.tar.partial
 * volumes:   rancher-0001.tar  rancher-0001.tar.partial  ...  SHA256SUMS
 * both:      rancher.tar.journal  rancher.tar.lock
 * </pre>
 *
 * and the drafts of those that are replaced as a whole. Immutable, thread-safe.
 *
 * @param output the archive's name as the user gave it
 * @param inVolumes whether the archive is split into numbered volumes
 */
public record ArchiveFileNames(Path output, boolean inVolumes) {
  private static final String TAR = ".tar";
  private static final String PARTIAL = ".partial";
  private static final String JOURNAL = ".journal";
  private static final String LOCK = ".lock";
  private static final String CHECKSUMS = "SHA256SUMS";

  /** Numbers begin with 0, since a year or a date in a name is not the number of a volume. */
  private static final Pattern NUMBERED =
      Pattern.compile("(?!oci:)(?<stem>.*[^/])-(0[0-9]{3}|\\*)(?<extension>(\\.tar)?)");

  /** An archive in one file. */
  public static ArchiveFileNames ofOneFile(Path output) {
    return new ArchiveFileNames(output, false);
  }

  /** An archive in numbered volumes. */
  public static ArchiveFileNames ofVolumes(Path output) {
    return new ArchiveFileNames(output, true);
  }

  /** The finished files in one name: that of the archive, or a pattern of those of its volumes. */
  public Path pattern() {
    return inVolumes ? output.resolveSibling(stem() + "-*" + extension()) : output;
  }

  /**
   * The {@code --output} that the file of a volume has in common with the other volumes, as {@code
   * rancher.tar} for {@code rancher-0002.tar} and for {@link #pattern()}; any other name, and that
   * of a volume from 1000 on, as it is. Only the name is looked at.
   */
  public static String common(String file) {
    Matcher volume = NUMBERED.matcher(file);
    return volume.matches() ? volume.group("stem") + volume.group("extension") : file;
  }

  /** What a file of an archive is called until it is finished. */
  public static Path partial(Path finished) {
    return beside(finished, PARTIAL);
  }

  /** The name that the file with the name of one that is not finished gets. */
  static String finished(String partial) {
    return partial.substring(0, partial.length() - PARTIAL.length());
  }

  /** Whether a file has the name of one that is not finished. */
  public static boolean isPartial(Path file) {
    return file.toString().endsWith(PARTIAL);
  }

  /** The finished file of a volume, counted from 1; of an archive in one file, that file. */
  public Path volume(int number) {
    return inVolumes
        ? output.resolveSibling("%s-%04d%s".formatted(stem(), number, extension()))
        : output;
  }

  /** The plan and progress of a save that is not complete. */
  public Path journal() {
    return beside(output, JOURNAL);
  }

  /** Says which process writes the archive. */
  public Path lock() {
    return beside(output, LOCK);
  }

  /** The checksums of the volumes; other archives in the folder share the file. */
  public Path checksums() {
    return output.resolveSibling(CHECKSUMS);
  }

  /** The file called after the archive, with {@code extension} in place of {@code .tar}. */
  public Path companion(String extension) {
    return output.resolveSibling(stem() + extension);
  }

  /** The absolute path of the folder that has all the files. */
  public Path folder() {
    return OwnFiles.folderOf(output);
  }

  /**
   * The finished files that exist, sorted by name; more than a new archive will have, if an earlier
   * one had more volumes.
   */
  public List<Path> finished() throws IOException {
    if (!inVolumes) {
      return Files.exists(output, LinkOption.NOFOLLOW_LINKS) ? List.of(output) : List.of();
    }
    Pattern volumes = finishedName();
    return existing(name -> volumes.matcher(name).matches());
  }

  /** All files of these names that exist, sorted by name. */
  public List<Path> existing() throws IOException {
    return existing(this::includes);
  }

  private interface NameFilter {
    boolean accepts(String name);
  }

  private List<Path> existing(NameFilter filter) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> folder =
        Files.newDirectoryStream(folder(), file -> filter.accepts(file.getFileName().toString()))) {
      folder.forEach(file -> found.add(output.resolveSibling(file.getFileName())));
    }
    found.sort(null);
    return found;
  }

  /** Whether a file of this name, in the folder of the archive, is one of the archive's files. */
  public boolean includes(String name) {
    return fixedNames().contains(name)
        || finishedName().matcher(name).matches()
        || (name.endsWith(PARTIAL)
            && finishedName()
                .matcher(name.substring(0, name.length() - PARTIAL.length()))
                .matches());
  }

  private Set<String> fixedNames() {
    Path journal = journal();
    List<Path> files = new ArrayList<>(List.of(journal, OwnFiles.draft(journal), lock()));
    if (inVolumes) {
      files.addAll(List.of(checksums(), OwnFiles.draft(checksums())));
    }
    return Set.copyOf(files.stream().map(file -> file.getFileName().toString()).toList());
  }

  /** The finished files, with any number of a volume. */
  private Pattern finishedName() {
    return inVolumes
        ? Pattern.compile(Pattern.quote(stem()) + "-[0-9]{4,}" + Pattern.quote(extension()))
        : Pattern.compile(Pattern.quote(output.getFileName().toString()));
  }

  private String stem() {
    String name = output.getFileName().toString();
    return name.endsWith(TAR) ? name.substring(0, name.length() - TAR.length()) : name;
  }

  private String extension() {
    return output.getFileName().toString().endsWith(TAR) ? TAR : "";
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
