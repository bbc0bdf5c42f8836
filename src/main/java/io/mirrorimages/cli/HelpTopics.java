package io.mirrorimages.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Help that is about no command: {@code mirror-images help TOPIC}. A topic is a text whose first
 * line says what it is about; then come headings in capitals, paragraphs behind two blanks, and
 * examples behind six, whose lines may be longer than a terminal.
 */
public final class HelpTopics {
  /** All topics. */
  public static final List<String> NAMES = List.of("schedule");

  private HelpTopics() {}

  /** The text of a topic. */
  public static String text(String name) {
    try (InputStream in =
        Objects.requireNonNull(HelpTopics.class.getResourceAsStream("topics/" + name + ".txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text that these arguments ask for; empty if they ask for no topic. */
  static Optional<String> askedFor(String... arguments) {
    return arguments.length == 2 && arguments[0].equals("help") && NAMES.contains(arguments[1])
        ? Optional.of(text(arguments[1]))
        : Optional.empty();
  }
}
