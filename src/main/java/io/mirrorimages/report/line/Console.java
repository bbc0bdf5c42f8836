package io.mirrorimages.report.line;

import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.PlainStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The two streams of the process: what was done goes to standard output, how it goes and what to do
 * to standard error. A quiet run prints to standard error only, and nothing if all is done: failed
 * images as they come; the summary and hints at its end, if not all is done; one line if it is
 * stopped. Thread-safe: lines do not mix. No lock is held while a line is printed: a stream that
 * nobody reads blocks.
 */
public final class Console implements RunListener {
  /** More than any command has. */
  private static final int MOST_HELD = 100;

  private final PrintStream out;
  private final PrintStream err;
  private final EventFormat format;
  private final Style style;
  private final List<String> held = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * How it prints.
   *
   * @param stamp what stands before each line of text
   * @param quiet whether only failures are printed
   * @param live whether something else shows how far the run is
   * @param oneStream whether all goes to standard output, as to a program that reads it
   * @param colours whether failed images are red
   */
  public record Style(
      Stamp stamp, boolean quiet, boolean live, boolean oneStream, boolean colours) {}

  /** Prints to {@code out} and {@code err}, which are not closed here. */
  public Console(PrintStream out, PrintStream err, EventFormat format, Style style) {
    this.out = out;
    this.err = err;
    this.format = format;
    this.style = style;
  }

  /** That of a command that is no run: what the user should know goes to {@code err}. */
  public static Console notices(PrintStream err) {
    return new Console(
        err, err, new EventText(), new Style(Stamp.NONE, false, false, false, false));
  }

  @Override
  public void on(RunEvent event) {
    if (style.live() && isShownLive(event)) {
      return;
    }
    List<String> lines = format.lines(event);
    LineKind kind = LineKind.of(event);
    if (!style.quiet()) {
      print(style.oneStream() || kind.isForStandardOutput() ? out : err, kind, lines);
      return;
    }
    switch (kind.quiet()) {
      case AT_ONCE -> print(err, kind, lines);
      case IF_FAILED -> hold(lines);
      case NEVER -> {
        // Nobody wants to know.
      }
    }
    if (kind == LineKind.STOP) {
      stopped = true;
    }
    if (event instanceof RunEvent.RunEnded end && end.exitCode() != 0 && !stopped) {
      release();
    }
  }

  /** Where an archive is unpacked to stays a line. */
  private static boolean isShownLive(RunEvent event) {
    return event instanceof RunEvent.Progressed
        || (event instanceof RunEvent.Unpacking unpacking && unpacking.bytes() > 0);
  }

  private void hold(List<String> lines) {
    synchronized (held) {
      lines.stream().limit(MOST_HELD - held.size()).map(style.stamp()::before).forEach(held::add);
    }
  }

  private void release() {
    synchronized (held) {
      held.forEach(err::println);
      held.clear();
    }
  }

  /** A line of the program that is no event, on standard error whatever the format is. */
  public void say(String line) {
    print(err, LineKind.NOTICE, List.of(EventText.said(line)));
  }

  /** How the run goes, for those who want to know: nothing in a quiet run. */
  public void notice(String line) {
    if (!style.quiet()) {
      say(line);
    }
  }

  private void print(PrintStream stream, LineKind kind, List<String> lines) {
    for (String line : lines) {
      String stamped = style.stamp().before(line);
      if (style.colours() && kind == LineKind.FAILURE) {
        PlainStream.printRed(stream, stamped);
      } else {
        stream.println(stamped);
      }
    }
  }
}
