package io.mirrorimages.cli.closing;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Words of a command line, quoted where a shell would split or expand them. */
public final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_@%+=:,./-]+");

  private CommandText() {}

  /** A file's name, or a pattern of such names that this program resolves, as one word. */
  public static String file(Path file) {
    return word(file.toString());
  }

  /** Any text as one word. */
  static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
