package io.mirrorimages.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A terminal's cells, as far as this program uses them: text that wraps or not, wide characters,
 * CR, LF, cursor up, erase to the end of line and screen, colours. What scrolls off the top is
 * kept. A line feed begins a new line, as a tty's driver has it. It fails at any other sequence.
 * Not thread-safe.
 */
public final class VirtualTerminal {
  private static final char ESCAPE = '\u001b';

  private final TerminalCells cells;
  private final StringBuilder sequence = new StringBuilder();
  private Style style = Style.PLAIN;
  private int row;
  private int column;
  private boolean wrapping = true;
  private int wraps;
  private int cuts;
  private int scrolls;

  /**
   * How a cell is drawn.
   *
   * @param colour 0 to 7 as of SGR 30 to 37, or -1 for the terminal's own
   * @param bold whether it is bold
   * @param dim whether it is dim
   */
  public record Style(int colour, boolean bold, boolean dim) {
    public static final Style PLAIN = new Style(-1, false, false);
  }

  /**
   * One place of the screen.
   *
   * @param text a character; empty in the second cell of a wide one
   * @param style how it is drawn
   */
  public record Cell(String text, Style style) {
    public static final Cell BLANK = new Cell(" ", Style.PLAIN);
  }

  /** An empty one. */
  public VirtualTerminal(int columns, int rows) {
    cells = new TerminalCells(columns, rows);
  }

  /** Takes output, which may begin or end within a control sequence. */
  public void write(String output) {
    output.codePoints().forEach(this::take);
  }

  private void take(int character) {
    if (!sequence.isEmpty() || character == ESCAPE) {
      sequence.appendCodePoint(character);
      if (sequence.length() == 2 && character != '[') {
        throw new AssertionError("unknown sequence: ESC " + Character.toString(character));
      }
      if (sequence.length() > 2 && character >= '@' && character <= '~') {
        String argument = sequence.substring(2, sequence.length() - 1);
        sequence.setLength(0);
        control((char) character, argument);
      }
      return;
    }
    switch (character) {
      case '\r' -> column = 0;
      case '\n' -> {
        lineFeed();
        column = 0;
      }
      case 7, 8, 0 -> {
        // Nothing to be seen.
      }
      default -> put(Character.toString(character), isWide(character) ? 2 : 1);
    }
  }

  private void control(char command, String argument) {
    switch (command) {
      case 'A' -> row = Math.max(0, row - Integer.parseInt(argument));
      case 'K' -> cells.erase(row, column);
      case 'J' -> {
        cells.erase(row, column);
        for (int below = row + 1; below < cells.height(); below++) {
          cells.erase(below, 0);
        }
      }
      case 'l', 'h' -> {
        if (!argument.equals("?7")) {
          throw new AssertionError("unknown mode: " + argument);
        }
        wrapping = command == 'h';
      }
      case 'm' -> Arrays.stream(argument.split(";")).forEach(this::style);
      default -> throw new AssertionError("unknown sequence: ESC [" + argument + command);
    }
  }

  private void style(String number) {
    int code = number.isEmpty() ? 0 : Integer.parseInt(number);
    style =
        switch (code) {
          case 0 -> Style.PLAIN;
          case 1 -> new Style(style.colour(), true, style.dim());
          case 2 -> new Style(style.colour(), style.bold(), true);
          case 22 -> new Style(style.colour(), false, false);
          case 39 -> new Style(-1, style.bold(), style.dim());
          case 30, 31, 32, 33, 34, 35, 36, 37 -> new Style(code - 30, style.bold(), style.dim());
          default -> throw new AssertionError("unknown style: " + number);
        };
  }

  private void put(String character, int width) {
    if (column + width > cells.columns() && !wrapping) {
      column = Math.max(0, cells.columns() - width);
      cuts++;
    } else if (column + width > cells.columns()) {
      wraps++;
      lineFeed();
      column = 0;
    }
    cells.set(row, column, new Cell(character, style));
    if (width == 2 && column + 1 < cells.columns()) {
      cells.set(row, column + 1, new Cell("", style));
    }
    column += width;
  }

  private void lineFeed() {
    if (row < cells.height() - 1) {
      row++;
    } else {
      cells.scroll();
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
    cells.resize(newColumns);
    fit(newRows);
  }

  /** Changes the size as tmux, VTE and kitty do: lines that are too long now take further rows. */
  public void reflow(int newColumns, int newRows) {
    row = cells.reflow(newColumns, row);
    fit(newRows);
  }

  private void fit(int newRows) {
    row = cells.fitHeight(newRows, row);
    column = Math.min(column, cells.columns() - 1);
  }

  /** All rows as they are now, top to bottom; copies. */
  public List<List<Cell>> cells() {
    return cells.rows();
  }

  /** The texts of the rows from the first to the last that is not empty. */
  public List<String> rows() {
    List<String> text = new ArrayList<>(cells.texts());
    while (!text.isEmpty() && text.getLast().isEmpty()) {
      text.removeLast();
    }
    return text;
  }

  /** What scrolled off the top, then the rows. */
  public List<String> everything() {
    List<String> all = new ArrayList<>(cells.history());
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
}
