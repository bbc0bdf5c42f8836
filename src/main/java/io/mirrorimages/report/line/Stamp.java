package io.mirrorimages.report.line;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** What stands before each line of text. Thread-safe. */
public interface Stamp {
  /** Nothing: somebody watches, or the lines have their time. */
  Stamp NONE = text -> text;

  /** The line with the stamp. */
  String before(String text);

  /** The time to the second with its distance from UTC, as ISO 8601 has it. */
  static Stamp time() {
    return time(Clock.system(ZoneId.systemDefault()));
  }

  /** The same by another clock. */
  static Stamp time(Clock clock) {
    return text ->
        OffsetDateTime.now(clock)
                .truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME)
            + " "
            + text;
  }
}
