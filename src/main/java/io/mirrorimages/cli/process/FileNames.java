package io.mirrorimages.cli.process;

import io.mirrorimages.image.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Whether names came to this program as they are. Java reads arguments, variables and the working
 * directory as text, and what is not text in its encoding is another name from then on.
 */
public final class FileNames {
  /** What Java puts in the place of bytes that are no letter. */
  private static final char LOST = '\uFFFD';

  private FileNames() {}

  /** What of these is not UTF-8, with what to do, in one line. */
  public static Optional<String> garbled(
      String[] arguments, Map<String, String> environment, String workingDirectory) {
    if (isGarbled(workingDirectory)) {
      return Optional.of(problem("the name of the working directory", workingDirectory));
    }
    for (String variable : new String[] {"HOME", "XDG_STATE_HOME"}) {
      String value = environment.getOrDefault(variable, "");
      if (isGarbled(value)) {
        return Optional.of(problem(variable, value));
      }
    }
    for (String argument : arguments) {
      if (isGarbled(argument)) {
        return Optional.of(problem("the argument", argument));
      }
    }
    return Optional.empty();
  }

  /**
   * The argument file that is not there, with what to do, in one line: the first {@code @FILE} that
   * is no option's value. A digest, as {@code @sha256:...}, is none.
   */
  public static Optional<String> missingArgumentFile(String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      String file = arguments[i].replaceFirst("^@", "");
      if (!file.equals(arguments[i])
          && !file.isEmpty()
          && !file.startsWith("@")
          && file.indexOf(':') < 0
          && (i == 0 || !arguments[i - 1].startsWith("-"))
          && !Files.exists(Path.of(file))) {
        return Optional.of(
            "argument file " + Text.plain(file) + " does not exist: name one that does");
      }
    }
    return Optional.empty();
  }

  private static boolean isGarbled(String name) {
    return name.indexOf(LOST) >= 0;
  }

  private static String problem(String what, String name) {
    return what
        + " "
        + Text.quote(name)
        + " is not UTF-8 text, in which all names are read: rename it, for example with convmv";
  }
}
