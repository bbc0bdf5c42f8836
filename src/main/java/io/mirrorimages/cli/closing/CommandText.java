package io.mirrorimages.cli.closing;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Words of a command line as a user would type them. */
final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./*-]+");

  private CommandText() {}

  /** A file's name as one word of a shell; an asterisk in it stays one. */
  static String file(Path file) {
    String name = file.toString();
    return PLAIN.matcher(name).matches()
        ? name
        : "'" + name.replace("'", "'\\''").replace("*", "'*'") + "'";
  }
}
