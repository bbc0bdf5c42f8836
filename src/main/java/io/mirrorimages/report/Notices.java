package io.mirrorimages.report;

import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * One line on standard error for each hint, and for each long wait, which says until when.
 * Thread-safe: lines do not mix.
 */
public final class Notices implements RunListener {
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter LATER = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private final PrintStream err;
  private final boolean terminal;
  private final Clock clock;

  /**
   * Prints to {@code err}, which is not closed here.
   *
   * @param terminal whether it is one, where the line of the progress has to make room
   */
  public Notices(PrintStream err, boolean terminal) {
    this(err, terminal, Clock.system(ZoneId.systemDefault()));
  }

  Notices(PrintStream err, boolean terminal, Clock clock) {
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.Hint hint -> print(hint.text());
      case RunEvent.Waiting waiting ->
          print(waiting.details().registry() + ": " + text(waiting.details()));
      default -> {
        // Others show it.
      }
    }
  }

  private void print(String line) {
    if (terminal) {
      PlainStream.steer(err, ERASE_LINE);
    }
    err.println("mirror-images: " + line);
  }

  private String text(Wait wait) {
    return switch (wait.kind()) {
      case LIMIT -> wait.cause() + until("; waiting until ", wait);
      case OUTAGE -> wait.cause() + until("; trying again until ", wait);
      case BACK -> "answers again, after " + Units.time(wait.time());
      case GIVEN_UP -> wait.cause() + "; given up after " + Units.time(wait.time());
    };
  }

  /** Nothing where no end is known, or it has passed. */
  private String until(String words, Wait wait) {
    if (!wait.time().isPositive()) {
      return "";
    }
    ZonedDateTime now = ZonedDateTime.now(clock);
    // A second that has begun counts: nothing goes on before the time that was told.
    Duration time = Duration.ofSeconds(wait.time().plusNanos(999_999_999).toSeconds());
    ZonedDateTime end = now.plus(time);
    boolean today = end.toLocalDate().equals(now.toLocalDate());
    return words + end.format(today ? TODAY : LATER) + " (" + Units.time(time) + ")";
  }
}
