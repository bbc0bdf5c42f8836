package io.mirrorimages.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many columns a person sees. */
public final class TerminalWidth {
  private static final int USUAL = 80;
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

  private TerminalWidth() {}

  /**
   * The columns of the terminal that standard input and output are; empty if they are none, so that
   * nothing is to be cut. Asks {@code stty}; where that does not know, 80.
   */
  public static OptionalInt find() {
    return Terminal.isAttached() ? OptionalInt.of(ask()) : OptionalInt.empty();
  }

  private static int ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroy();
        return USUAL;
      }
      return columns(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }

  /** The second number of {@code rows columns}; a serial line has 0 of both. */
  static int columns(String size) {
    Matcher matcher = SIZE.matcher(size);
    int columns = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    return columns > 0 ? columns : USUAL;
  }
}
