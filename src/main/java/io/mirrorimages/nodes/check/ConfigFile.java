package io.mirrorimages.nodes.check;

import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * The text of a configuration file.
 *
 * @param name the file as it was named
 */
public record ConfigFile(String name, String text) {

  /**
   * Reads a file.
   *
   * @throws InvalidContentException with a line for the user, if there is no such text file
   */
  public static ConfigFile read(Path file) {
    try {
      return new ConfigFile(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new InvalidContentException(file + " does not exist", e);
    } catch (IOException e) {
      throw new InvalidContentException(
          "cannot read " + file + ": " + ErrorWords.withoutFile(e), e);
    }
  }

  /**
   * What {@code parser} makes of the text.
   *
   * @param effect what follows for the node from a file that is refused
   * @return empty if the parser throws a {@link ConfigException}, which is noted in {@code
   *     findings}
   */
  public <T> Optional<T> parse(Function<String, T> parser, String effect, FindingLog findings) {
    try {
      return Optional.of(parser.apply(text));
    } catch (ConfigException e) {
      findings.add(FindingKind.INVALID_FILE, name, e.line(), e.getMessage() + ": " + effect);
      return Optional.empty();
    }
  }
}
