package io.mirrorimages.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a terminal shows after the output of a program: cells with a character and a style. Knows
 * the control sequences of ECMA-48 that command line programs use: moving, erasing, colours,
 * scrolling at the lower end. Not thread-safe.
 */
final class Screen {
  private static final char ESCAPE = '\u001b';
  private static final char BELL = '\u0007';

  /**
   * How a cell is drawn.
   *
   * @param colour 0 to 7 as of SGR 30 to 37, or -1 for the terminal's own
   * @param bold whether it is bold
   * @param dim whether it is dim
   */
  record Style(int colour, boolean bold, boolean dim) {
    static final Style PLAIN = new Style(-1, false, false);
  }

  /** One place of the screen. */
  record Cell(int character, Style style) {
    static final Cell BLANK = new Cell(' ', Style.PLAIN);
  }

  private final int columns;
  private final List<Cell[]> rows = new ArrayList<>();
  private final StringBuilder sequence = new StringBuilder();
  private Style style = Style.PLAIN;
  private int row;
  private int column;
  private boolean wraps = true;

  Screen(int columns, int rows) {
    this.columns = columns;
    for (int i = 0; i < rows; i++) {
      this.rows.add(blankRow());
    }
  }

  /** The rows as they are now, top to bottom; copies. */
  List<List<Cell>> rows() {
    return rows.stream().map(List::of).toList();
  }

  /** Takes output, which may begin or end within a control sequence. */
  void write(String output) {
    output.codePoints().forEach(this::take);
  }

  private void take(int character) {
    if (!sequence.isEmpty() || character == ESCAPE) {
      sequence.appendCodePoint(character);
      if (isComplete(sequence)) {
        String whole = sequence.toString();
        sequence.setLength(0);
        control(whole);
      }
      return;
    }
    switch (character) {
      case '\r' -> column = 0;
      case '\n' -> lineFeed();
      case '\b' -> column = Math.max(0, column - 1);
      case BELL -> {
        // Is heard, not seen.
      }
      default -> print(character);
    }
  }

  private static boolean isComplete(CharSequence sequence) {
    if (sequence.length() < 2) {
      return false;
    }
    char last = sequence.charAt(sequence.length() - 1);
    return switch (sequence.charAt(1)) {
      case '[' -> sequence.length() > 2 && last >= '@' && last <= '~';
      case ']' -> last == BELL || last == '\\';
      case '(', ')' -> sequence.length() > 2;
      default -> true;
    };
  }

  private void print(int character) {
    if (column == columns) {
      if (!wraps) {
        return;
      }
      column = 0;
      lineFeed();
    }
    rows.get(row)[column++] = new Cell(character, style);
  }

  private void lineFeed() {
    if (row < rows.size() - 1) {
      row++;
    } else {
      rows.removeFirst();
      rows.add(blankRow());
    }
  }

  private Cell[] blankRow() {
    Cell[] blank = new Cell[columns];
    Arrays.fill(blank, Cell.BLANK);
    return blank;
  }

  private void control(String sequence) {
    if (sequence.charAt(1) != '[') {
      return;
    }
    String parameters = sequence.substring(2, sequence.length() - 1);
    char command = sequence.charAt(sequence.length() - 1);
    if (parameters.startsWith("?")) {
      if (parameters.equals("?7")) {
        wraps = command == 'h';
      }
      return;
    }
    List<Integer> numbers = numbers(parameters);
    int first = numbers.getFirst();
    int count = Math.max(1, first);
    switch (command) {
      case 'A', 'F' -> moveTo(row - count, command == 'F' ? 0 : column);
      case 'B', 'E' -> moveTo(row + count, command == 'E' ? 0 : column);
      case 'C' -> moveTo(row, column + count);
      case 'D' -> moveTo(row, column - count);
      case 'G' -> moveTo(row, count - 1);
      case 'H', 'f' -> moveTo(count - 1, numbers.size() > 1 ? Math.max(1, numbers.get(1)) - 1 : 0);
      case 'J' -> eraseRows(first);
      case 'K' -> eraseColumns(first);
      case 'm' -> numbers.forEach(this::style);
      default ->
          throw new IllegalArgumentException("control sequence ESC " + sequence.substring(1));
    }
  }

  private static List<Integer> numbers(String parameters) {
    return Arrays.stream(parameters.split(";"))
        .map(number -> number.isEmpty() ? 0 : Integer.parseInt(number))
        .toList();
  }

  private void moveTo(int newRow, int newColumn) {
    row = Math.clamp(newRow, 0, rows.size() - 1);
    column = Math.clamp(newColumn, 0, columns - 1);
  }

  /** From here to the end, from the begin to here, or all. */
  private void eraseRows(int which) {
    if (which == 0) {
      eraseColumns(0);
    }
    int from = which == 0 ? row + 1 : 0;
    int to = which == 1 ? row : rows.size();
    for (int i = from; i < to; i++) {
      rows.set(i, blankRow());
    }
    if (which == 1) {
      eraseColumns(1);
    }
  }

  private void eraseColumns(int which) {
    int from = which == 0 ? column : 0;
    int to = which == 1 ? column + 1 : columns;
    Arrays.fill(rows.get(row), Math.min(from, columns), Math.min(to, columns), Cell.BLANK);
  }

  private void style(int number) {
    if (number == 0) {
      style = Style.PLAIN;
    } else if (number == 1) {
      style = new Style(style.colour(), true, style.dim());
    } else if (number == 2) {
      style = new Style(style.colour(), style.bold(), true);
    } else if (number == 22) {
      style = new Style(style.colour(), false, false);
    } else if (number >= 30 && number <= 37) {
      style = new Style(number - 30, style.bold(), style.dim());
    } else if (number >= 90 && number <= 97) {
      style = new Style(number - 90, style.bold(), style.dim());
    } else if (number == 39) {
      style = new Style(-1, style.bold(), style.dim());
    }
  }
}
