package io.mirrorimages.cli.process;

import io.mirrorimages.report.live.TerminalSize;
import io.mirrorimages.report.live.TerminalSizes;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the terminal is: asked of stty(1) at the first call, after each resize or Ctrl-Z and
 * fg, and from time to time.
 *
 * <p>stty is part of coreutils and busybox. A call took 5 ms, the first one 60 ms on a loaded
 * machine. The same ioctl(2) by the foreign function interface took 170 to 480 ms there, most of it
 * for method handles, and needs native access; JLine does that too, with 530 kB of jars. All of
 * them are only needed where there is a terminal.
 */
public final class TerminalWatch implements TerminalSizes {
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4}) ([1-9]\\d{0,4})");

  private final List<Signals> signals = new ArrayList<>();
  private volatile boolean changed = true;
  private long asked;
  private TerminalSize last = TerminalSize.USUAL;

  /** Watches the controlling terminal of this process. */
  public TerminalWatch() {
    signals.add(Signals.atTerminalChange(() -> changed = true));
  }

  /**
   * From now on Ctrl-Z calls {@code handler} with what stops the process, and returns when it
   * continues.
   */
  public void onSuspension(Consumer<Runnable> handler) {
    signals.add(Signals.atSuspension(handler));
  }

  @Override
  public TerminalSize current() {
    long now = System.nanoTime();
    if (changed || now - asked >= PERIOD.toNanos()) {
      changed = false;
      asked = now;
      last = size();
    }
    return last;
  }

  @Override
  public boolean hasChanged() {
    return changed;
  }

  /** The size of the controlling terminal as of now; the usual one if it does not say it. */
  static TerminalSize size() {
    return parsed(answer()).orElseGet(() -> of(System.getenv()));
  }

  private static String answer() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** What stty says; empty if that is no size, as at a serial line. */
  static Optional<TerminalSize> parsed(String answer) {
    Matcher size = SIZE.matcher(answer);
    return size.matches()
        ? Optional.of(
            new TerminalSize(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1))))
        : Optional.empty();
  }

  /** As a shell has it in its variables, if they are exported. */
  static TerminalSize of(Map<String, String> variables) {
    return parsed(
            variables.getOrDefault("LINES", "24") + " " + variables.getOrDefault("COLUMNS", "80"))
        .orElse(TerminalSize.USUAL);
  }

  @Override
  public void close() {
    signals.forEach(Signals::close);
  }
}
