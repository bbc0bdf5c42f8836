package io.mirrorimages.list;

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
  private final String text;
  private final LineAdvice advice;
  private final List<Integer> shown = new ArrayList<>();
  private int count;

  /** A group that begins with the line {@code text}, whose advice is that of all. */
  LineGroup(String file, String text, LineAdvice advice) {
    this.file = file;
    this.text = text;
    this.advice = advice;
  }

  void add(int number) {
    count++;
    if (shown.size() < SHOWN) {
      shown.add(number);
    }
  }

  /** One message about all of them. */
  String problem() {
    return "%s:%d: %s: %s%s: %s"
        .formatted(
            file,
            shown.getFirst(),
            ListForm.excerpt(text),
            advice.kind().words(),
            others(),
            advice.remedy());
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
