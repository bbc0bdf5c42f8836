package io.mirrorimages.cli.command.carry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Texts of this tool, known by their first words, so that no other file is written over. */
final class OwnText {
  private OwnText() {}

  /** Whether nothing is there, or an empty file, or a text that begins with these words. */
  static boolean mayReplace(Path file, String beginning) throws IOException {
    if (!Files.exists(file)) {
      return true;
    }
    if (!Files.isRegularFile(file)) {
      return false;
    }
    byte[] bytes = beginning.getBytes(StandardCharsets.UTF_8);
    try (InputStream in = Files.newInputStream(file)) {
      return Files.size(file) == 0 || Arrays.equals(bytes, in.readNBytes(bytes.length));
    }
  }
}
