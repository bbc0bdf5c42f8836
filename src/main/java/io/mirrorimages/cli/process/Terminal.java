package io.mirrorimages.cli.process;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Whether a person watches the output, and what the terminal can show.
 *
 * @param locale the caller's locale; empty if standard output or standard error is no terminal
 * @param type what the terminal calls itself, as {@code xterm-256color}; may be empty
 * @param colourless whether the user wants no colours anywhere (https://no-color.org)
 */
public record Terminal(Optional<String> locale, String type, boolean colourless) {
  /** Set by the launcher, which can tell, and changes the locale afterwards. */
  private static final String BY_LAUNCHER = "MIRROR_IMAGES_TERMINAL";

  /** That of this process. */
  public static Terminal ofProcess() {
    return of(System.getenv(), Terminal::hasConsole);
  }

  /** There is no console at all where input or output is redirected. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    return System.console() != null && System.console().isTerminal();
  }

  /**
   * That of a process with these variables.
   *
   * @param console whether there is a console: asked of a process without launcher only, since Java
   *     searches all modules for one
   */
  static Terminal of(Map<String, String> variables, BooleanSupplier console) {
    Optional<String> locale =
        variables.containsKey(BY_LAUNCHER)
            ? value(variables, BY_LAUNCHER)
            : Optional.of(
                    Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                        .flatMap(name -> value(variables, name).stream())
                        .findFirst()
                        .orElse("C"))
                .filter(name -> console.getAsBoolean());
    return new Terminal(
        locale, variables.getOrDefault("TERM", ""), value(variables, "NO_COLOR").isPresent());
  }

  private static Optional<String> value(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /** Whether a person watches the output. */
  public boolean isAttached() {
    return locale.isPresent();
  }

  /** Whether the same is the case for this process. */
  public static boolean isWatched() {
    return ofProcess().isAttached();
  }

  /** Whether it is one whose cursor can be moved. */
  public boolean isSteerable() {
    return isAttached() && !type.isEmpty() && !type.equals("dumb");
  }

  /** Whether colours are of use and not unwanted. */
  public boolean hasColours() {
    return isSteerable() && !colourless;
  }

  /** Whether it shows block elements: the font of the kernel's console has not all of them. */
  public boolean isUnicode() {
    return !type.equals("linux")
        && locale.filter(name -> name.toUpperCase(Locale.ROOT).matches(".*UTF-?8.*")).isPresent();
  }
}
