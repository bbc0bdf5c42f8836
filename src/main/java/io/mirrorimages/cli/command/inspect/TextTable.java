package io.mirrorimages.cli.command.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Rows in columns, for people. Without a width nothing is cut, so that what reads it in a pipe gets
 * all. Not thread-safe.
 */
final class TextTable {
  private static final String GAP = "  ";
  private static final String DOTS = "...";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A column.
   *
   * @param header what stands above it
   * @param right whether its cells stand at its right
   * @param cut where a cell is cut that is too wide
   */
  record Column(String header, boolean right, Cut cut) {
    static Column left(String header, Cut cut) {
      return new Column(header, false, cut);
    }

    /** Of numbers, which are not cut. */
    static Column numbers(String header) {
      return new Column(header, true, Cut.END);
    }
  }

  /** Where a cell loses what is too wide. */
  enum Cut {
    /** The tail tells cells apart, as of image names. */
    START,
    /** The head does. */
    END
  }

  /**
   * What a column gives up where the table is wider than the terminal, in the order of the list.
   *
   * @param column its number, from 0
   * @param least the columns that it keeps; 0 to leave it out at once
   */
  record Concession(int column, int least) {}

  TextTable(Column... columns) {
    this.columns = List.of(columns);
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** All lines, that of the headers first. */
  List<String> lines(OptionalInt width, List<Concession> concessions) {
    int[] widths = natural();
    if (width.isPresent()) {
      fit(widths, width.getAsInt(), concessions);
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(columns.stream().map(Column::header).toList(), widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private int[] natural() {
    int[] widths = columns.stream().mapToInt(column -> column.header().length()).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static void fit(int[] widths, int width, List<Concession> concessions) {
    for (Concession concession : concessions) {
      int excess = total(widths) - width;
      int own = widths[concession.column()];
      if (excess > 0 && own > concession.least()) {
        widths[concession.column()] =
            concession.least() == 0 ? 0 : Math.max(concession.least(), own - excess);
      }
    }
  }

  private static int total(int[] widths) {
    int total = -GAP.length();
    for (int width : widths) {
      total += width == 0 ? 0 : width + GAP.length();
    }
    return total;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      if (widths[i] == 0) {
        continue;
      }
      String cell = cut(cells.get(i), widths[i], columns.get(i).cut());
      String blanks = " ".repeat(widths[i] - cell.length());
      line.append(line.isEmpty() ? "" : GAP)
          .append(columns.get(i).right() ? blanks + cell : cell + blanks);
    }
    return line.toString().stripTrailing();
  }

  /** The text in at most {@code width} columns. */
  static String cut(String text, int width, Cut cut) {
    if (text.length() <= width) {
      return text;
    }
    if (width <= DOTS.length()) {
      return cut == Cut.END ? text.substring(0, width) : text.substring(text.length() - width);
    }
    int kept = width - DOTS.length();
    return cut == Cut.END
        ? text.substring(0, kept) + DOTS
        : DOTS + text.substring(text.length() - kept);
  }
}
