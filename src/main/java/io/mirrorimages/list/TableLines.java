package io.mirrorimages.list;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The lines of a file that have more columns than a name and a digest. They are told together: such
 * a file is a table made for something else, and the remedy is one command, not an edit per line.
 */
final class TableLines {
  private static final int SHOWN = 10;

  private final String file;
  private final List<Integer> shown = new ArrayList<>();
  private int count;
  private String firstText = "";
  private int firstColumns;

  TableLines(String file) {
    this.file = file;
  }

  void add(int number, String text, int columns) {
    if (count == 0) {
      firstText = text;
      firstColumns = columns;
    }
    count++;
    if (shown.size() < SHOWN) {
      shown.add(number);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** One message about all of them; empty if there are none. */
  Optional<String> problem() {
    if (count == 0) {
      return Optional.empty();
    }
    String kind =
        firstColumns == 2
            ? "a list with sources, such as rancher-images-sources.txt"
            : "a table made for another tool";
    return Optional.of(
        "%s:%d: %s: more than a name and a digest%s: this seems to be %s; give only its names (cut -d' ' -f1)"
            .formatted(file, shown.getFirst(), ListForm.excerpt(firstText), others(), kind));
  }

  private String others() {
    if (count == 1) {
      return "";
    }
    return shown.stream()
            .skip(1)
            .map(String::valueOf)
            .collect(Collectors.joining(", ", ", also on line ", ""))
        + (count > shown.size() ? ", ... (" + count + " lines in all)" : "");
  }
}
