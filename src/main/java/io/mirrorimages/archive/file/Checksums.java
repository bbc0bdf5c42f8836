package io.mirrorimages.archive.file;

import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The file {@code SHA256SUMS} beside an archive's volumes, as {@code sha256sum -c} reads it. */
public final class Checksums {
  private static final String FILE = "SHA256SUMS";
  private static final String SEPARATOR = "  ";
  private static final int BUFFER = 1024 * 1024;

  private Checksums() {}

  /**
   * Reads the files back from the disk and notes what was read; lines there of other files stay.
   */
  public static void write(Path folder, List<Path> files) throws IOException {
    Path sums = folder.resolve(FILE);
    Set<String> names =
        files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    List<String> lines = new ArrayList<>();
    if (Files.exists(sums)) {
      for (String line : Files.readAllLines(sums)) {
        int name = line.indexOf(SEPARATOR);
        if (name < 0 || !names.contains(line.substring(name + SEPARATOR.length()))) {
          lines.add(line);
        }
      }
    }
    for (Path file : files) {
      lines.add(hash(file) + SEPARATOR + file.getFileName());
    }
    Path draft = folder.resolve(FILE + ".new");
    try {
      Files.write(draft, lines);
      Files.move(draft, sums, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
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
