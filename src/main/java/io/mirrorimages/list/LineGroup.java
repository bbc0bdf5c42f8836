package io.mirrorimages.list;

import io.mirrorimages.list.LineAdvice.LineMistake;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lines of a file that are wrong in the same way. They are reported together: such a file was made
 * for something else, and the remedy is one command, not an edit per line.
 */
final class LineGroup {
  private static final int SHOWN = 10;

  private final String file;
  private final String excerpt;
  private final List<Integer> shown = new ArrayList<>();
  private LineAdvice advice;
  private int count;
  private boolean heading;

  /** A group that begins with the line {@code text}; advice that is a guess gives way to others. */
  LineGroup(String file, String text, LineAdvice advice) {
    this.file = file;
    this.excerpt = LineExcerpt.of(text);
    this.advice = advice;
  }

  void add(int number, LineAdvice of) {
    count++;
    if (advice.guessed() || of.remedy().equals(CommandAdvice.BY_HAND)) {
      advice = of;
    }
    if (shown.size() < SHOWN) {
      shown.add(number);
    }
  }

  /** The line before the first is the heading of a table's columns. */
  void leaveOutHeading() {
    heading = true;
  }

  LineMistake kind() {
    return advice.kind();
  }

  /** The first of its lines. */
  int line() {
    return shown.getFirst();
  }

  /** How many lines it has. */
  int count() {
    return count;
  }

  /** One message about all of them. */
  String problem() {
    return "%s:%d: %s: %s%s: %s%s"
        .formatted(
            file,
            line(),
            excerpt,
            advice.kind().words(),
            others(),
            advice.remedy(),
            heading ? "; leave out the heading first (tail -n +" + line() + ")" : "");
  }

  private String others() {
    if (count == 1) {
      return "";
    }
    return shown.stream()
            .skip(1)
            .map(String::valueOf)
            .collect(Collectors.joining(", ", " (also on line ", ""))
        + (count > shown.size() ? ", ...; " + count + " lines in all)" : ")");
  }
}
