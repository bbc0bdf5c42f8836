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
import java.util.HexFormat;
import java.util.List;
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
    Set<String> names =
        files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    List<String> lines = new ArrayList<>();
    Optional<InputStream> there = OwnFiles.read(sums);
    if (there.isPresent()) {
      for (String line : lines(there.get())) {
        int name = line.indexOf(SEPARATOR);
        if (name < 0 || !names.contains(line.substring(name + SEPARATOR.length()))) {
          lines.add(line);
        }
      }
    }
    for (Path file : files) {
      lines.add(hash(file) + SEPARATOR + file.getFileName());
    }
    byte[] text = String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8);
    OwnFiles.replaceAlone(sums, out -> out.write(text));
    OwnFiles.forceFolder(OwnFiles.folderOf(sums));
  }

  /** Whether the file there names all of these. */
  public static boolean areThere(Path sums, List<Path> files) throws IOException {
    Optional<InputStream> there = OwnFiles.read(sums);
    if (there.isEmpty()) {
      return false;
    }
    List<String> lines = lines(there.get());
    return files.stream()
        .allMatch(
            file -> lines.stream().anyMatch(line -> line.endsWith(SEPARATOR + file.getFileName())));
  }

  /** {@link ForeignFileException} if a folder has its name. */
  public static void check(Path sums) throws ForeignFileException {
    if (Files.isDirectory(sums, LinkOption.NOFOLLOW_LINKS)) {
      throw new ForeignFileException(
          sums + " is a folder, and is where the checksums go: rename it first");
    }
  }

  private static List<String> lines(InputStream in) throws IOException {
    try (in) {
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
