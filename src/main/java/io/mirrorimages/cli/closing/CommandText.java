package io.mirrorimages.cli.closing;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words of a command line, quoted where a shell would split or expand them. */
public final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_@%+=:,./-]+");

  private CommandText() {}

  /** A file's name, or a pattern of such names that this program resolves, as one word. */
  public static String file(Path file) {
    return word(file.toString());
  }

  /** Options with their values, each behind a blank. */
  static String options(List<String> words) {
    return words.stream().map(word -> " " + word(word)).collect(Collectors.joining());
  }

  /** Any text as one word. */
  static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
