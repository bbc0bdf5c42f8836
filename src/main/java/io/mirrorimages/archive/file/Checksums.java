package io.mirrorimages.archive.file;

import io.mirrorimages.disk.ForeignFileException;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The file {@code SHA256SUMS} beside an archive's volumes, as {@code sha256sum -c} reads it. */
public final class Checksums {
  private static final String SEPARATOR = "  ";
  private static final int BUFFER = 1024 * 1024;

  private Checksums() {}

  /**
   * Reads the files back from the disk and notes what was read; lines there of other files stay.
   *
   * @param sums the checksum file, in the folder of the files
   */
  public static void write(Path sums, List<Path> files) throws IOException {
    List<String> lines = new ArrayList<>(without(files, all(sums)));
    for (Path file : files) {
      lines.add(hash(file) + SEPARATOR + file.getFileName());
    }
    replace(sums, lines);
  }

  /**
   * Notes the sum of a file, in hexadecimal digits, that is about to be there; other lines stay.
   */
  public static void note(Path sums, Path file, String sum) throws IOException {
    List<String> lines = new ArrayList<>(without(List.of(file), all(sums)));
    lines.add(sum + SEPARATOR + file.getFileName());
    replace(sums, lines);
  }

  /** Whether the file there names this one with the sum that it has. */
  public static boolean holds(Path sums, Path file) throws IOException {
    return hash(file).equals(read(sums).get(file.getFileName().toString()));
  }

  /**
   * Removes the lines of files that are about to change; the others stay. Without any line left,
   * the checksum file goes too.
   */
  public static void remove(Path sums, List<Path> files) throws IOException {
    List<String> before = all(sums);
    List<String> lines = without(files, before);
    if (lines.isEmpty() && !before.isEmpty()) {
      OwnFiles.delete(sums);
    } else if (lines.size() < before.size()) {
      replace(sums, lines);
    }
  }

  private static List<String> without(List<Path> files, List<String> lines) {
    Set<String> names =
        files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    return lines.stream()
        .filter(
            line -> {
              int name = line.indexOf(SEPARATOR);
              return name < 0 || !names.contains(line.substring(name + SEPARATOR.length()));
            })
        .toList();
  }

  private static void replace(Path sums, List<String> lines) throws IOException {
    byte[] text = String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8);
    OwnFiles.replaceAlone(sums, out -> out.write(text));
    OwnFiles.forceFolder(OwnFiles.folderOf(sums));
  }

  /** Whether the file there names all of these. */
  public static boolean areThere(Path sums, List<Path> files) throws IOException {
    List<String> lines = all(sums);
    return files.stream()
        .allMatch(
            file -> lines.stream().anyMatch(line -> line.endsWith(SEPARATOR + file.getFileName())));
  }

  /** The hexadecimal sums of the files that it names, by their names; none if it is not there. */
  public static Map<String, String> read(Path sums) throws IOException {
    Map<String, String> byName = new HashMap<>();
    for (String line : all(sums)) {
      int end = line.indexOf(SEPARATOR);
      if (end > 0) {
        byName.put(line.substring(end + SEPARATOR.length()), line.substring(0, end));
      }
    }
    return byName;
  }

  /** {@link ForeignFileException} if a folder has its name. */
  public static void check(Path sums) throws ForeignFileException {
    if (Files.isDirectory(sums, LinkOption.NOFOLLOW_LINKS)) {
      throw new ForeignFileException(
          sums + " is a folder, and is where the checksums go: rename it first");
    }
  }

  /** All lines; none if there is no such file. */
  private static List<String> all(Path sums) throws IOException {
    Optional<InputStream> there = OwnFiles.read(sums);
    if (there.isEmpty()) {
      return List.of();
    }
    try (InputStream in = there.get()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static String hash(Path file) throws IOException {
    MessageDigest hasher = Digest.sha256(new byte[0]).newHasher();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hasher.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(hasher.digest());
  }
}
