package io.mirrorimages.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A terminal's cells, as far as this program uses them: text that wraps or not, wide characters,
 * CR, LF, cursor up, erase to the end of line and screen, colours. What scrolls off the top is
 * kept. As an output stream is fed to it, it fails at any other sequence. Not thread-safe.
 */
public final class VirtualTerminal {
  /** Stands in the second cell of a wide character. */
  private static final String TAIL = "";

  private final List<String[]> rows = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final boolean crlf;
  private int columns;
  private int height;
  private int row;
  private int column;
  private boolean wrapping = true;
  private int wraps;
  private int cuts;
  private int scrolls;
  private final StringBuilder colours = new StringBuilder();

  /** An empty one, whose line feed begins a new line, as a tty's driver has it. */
  public VirtualTerminal(int columns, int rows) {
    this(columns, rows, true);
  }

  /**
   * @param crlf whether a line feed also returns to the first column
   */
  public VirtualTerminal(int columns, int rows, boolean crlf) {
    this.columns = columns;
    this.height = rows;
    this.crlf = crlf;
    for (int i = 0; i < rows; i++) {
      this.rows.add(blank());
    }
  }

  private String[] blank() {
    String[] cells = new String[columns];
    java.util.Arrays.fill(cells, " ");
    return cells;
  }

  /** Takes output. */
  public void write(byte[] output) {
    write(new String(output, StandardCharsets.UTF_8));
  }

  /** Takes output. */
  public void write(String output) {
    int at = 0;
    while (at < output.length()) {
      int character = output.codePointAt(at);
      at += Character.charCount(character);
      switch (character) {
        case '\r' -> column = 0;
        case '\n' -> {
          lineFeed();
          column = crlf ? 0 : column;
        }
        case 0x1b -> at = sequence(output, at);
        case 7, 8, 0 -> {
          // Nothing to be seen.
        }
        default -> put(Character.toString(character), isWide(character) ? 2 : 1);
      }
    }
  }

  private int sequence(String output, int from) {
    if (output.charAt(from) != '[') {
      throw new AssertionError("unknown sequence: ESC " + output.charAt(from));
    }
    int end = from + 1;
    while ("0123456789;?".indexOf(output.charAt(end)) >= 0) {
      end++;
    }
    String argument = output.substring(from + 1, end);
    switch (output.charAt(end)) {
      case 'A' -> row = Math.max(0, row - Integer.parseInt(argument));
      case 'K' -> erase(row, column);
      case 'J' -> {
        erase(row, column);
        for (int below = row + 1; below < height; below++) {
          erase(below, 0);
        }
      }
      case 'l', 'h' -> {
        if (!argument.equals("?7")) {
          throw new AssertionError("unknown mode: " + argument);
        }
        wrapping = output.charAt(end) == 'h';
      }
      case 'm' -> colours.append('<').append(argument).append('>');
      default -> throw new AssertionError("unknown sequence: " + output.substring(from, end + 1));
    }
    return end + 1;
  }

  private void erase(int which, int from) {
    for (int i = from; i < columns; i++) {
      rows.get(which)[i] = " ";
    }
  }

  private void put(String character, int width) {
    if (column + width > columns && !wrapping) {
      column = Math.max(0, columns - width);
      cuts++;
    } else if (column + width > columns) {
      wraps++;
      lineFeed();
      column = 0;
    }
    rows.get(row)[column] = character;
    if (width == 2 && column + 1 < columns) {
      rows.get(row)[column + 1] = TAIL;
    }
    column += width;
  }

  private void lineFeed() {
    row++;
    if (row == height) {
      history.add(text(rows.removeFirst()));
      rows.add(blank());
      row--;
      scrolls++;
    }
  }

  private static boolean isWide(int character) {
    return switch (Character.UnicodeScript.of(character)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL -> true;
      default -> character >= 0xff01 && character <= 0xff60;
    };
  }

  /** Changes the size as xterm does: rows are cut, and lost at the bottom before the top. */
  public void resize(int newColumns, int newRows) {
    for (int i = 0; i < height; i++) {
      String[] old = rows.get(i);
      String[] cells = new String[newColumns];
      java.util.Arrays.fill(cells, " ");
      System.arraycopy(old, 0, cells, 0, Math.min(old.length, newColumns));
      rows.set(i, cells);
    }
    columns = newColumns;
    fitHeight(newRows);
    column = Math.min(column, columns - 1);
  }

  /** Changes the size as tmux, VTE and kitty do: lines that are too long now take further rows. */
  public void reflow(int newColumns, int newRows) {
    List<String[]> all = new ArrayList<>();
    int newRow = 0;
    columns = newColumns;
    for (int i = 0; i < height; i++) {
      String[] old = rows.get(i);
      int used = old.length;
      while (used > 0 && old[used - 1].equals(" ")) {
        used--;
      }
      if (i == row) {
        newRow = all.size();
      }
      for (int from = 0; from == 0 || from < used; from += newColumns) {
        String[] cells = blank();
        System.arraycopy(old, from, cells, 0, Math.min(newColumns, Math.max(0, old.length - from)));
        all.add(cells);
      }
    }
    rows.clear();
    rows.addAll(all);
    row = newRow;
    column = Math.min(column, columns - 1);
    height = all.size();
    fitHeight(newRows);
  }

  private void fitHeight(int newRows) {
    while (height > newRows && height - 1 > row) {
      rows.removeLast();
      height--;
    }
    while (height > newRows) {
      history.add(text(rows.removeFirst()));
      row--;
      height--;
    }
    while (height < newRows) {
      rows.add(blank());
      height++;
    }
  }

  private static String text(String[] cells) {
    return String.join("", cells).stripTrailing();
  }

  /** The rows from the first to the last that is not empty. */
  public List<String> rows() {
    List<String> text = new ArrayList<>(rows.stream().map(VirtualTerminal::text).toList());
    while (!text.isEmpty() && text.getLast().isEmpty()) {
      text.removeLast();
    }
    return text;
  }

  /** What scrolled off the top, then the rows. */
  public List<String> everything() {
    List<String> all = new ArrayList<>(history);
    all.addAll(rows());
    return all;
  }

  /** How often text went past the last column. */
  public int wraps() {
    return wraps;
  }

  /** How many characters were written over the last column instead of wrapping. */
  public int cuts() {
    return cuts;
  }

  /** How often a row was lost at the top. */
  public int scrolls() {
    return scrolls;
  }

  /** The row of the cursor, counted from 0. */
  public int row() {
    return row;
  }

  /** The column of the cursor, counted from 0. */
  public int column() {
    return column;
  }

  /** The colours that were set, as {@code <31><0>}. */
  public String colours() {
    return colours.toString();
  }
}
