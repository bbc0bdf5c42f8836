package io.mirrorimages.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of cells, and the rows that were lost at the top. Not thread-safe. */
final class TerminalCells {
  private final List<VirtualTerminal.Cell[]> rows = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private int columns;

  TerminalCells(int columns, int height) {
    this.columns = columns;
    addRows(height);
  }

  private VirtualTerminal.Cell[] blank() {
    VirtualTerminal.Cell[] cells = new VirtualTerminal.Cell[columns];
    Arrays.fill(cells, VirtualTerminal.Cell.BLANK);
    return cells;
  }

  private void addRows(int height) {
    while (rows.size() < height) {
      rows.add(blank());
    }
  }

  int columns() {
    return columns;
  }

  int height() {
    return rows.size();
  }

  void set(int row, int column, VirtualTerminal.Cell cell) {
    rows.get(row)[column] = cell;
  }

  /** Erases a row from a column on. */
  void erase(int row, int from) {
    Arrays.fill(rows.get(row), Math.min(from, columns), columns, VirtualTerminal.Cell.BLANK);
  }

  /** Loses the first row, and has an empty one at the end. */
  void scroll() {
    history.add(text(rows.removeFirst()));
    rows.add(blank());
  }

  /** Cuts rows to their new width, or extends them. */
  void resize(int newColumns) {
    columns = newColumns;
    rows.replaceAll(
        old -> {
          VirtualTerminal.Cell[] cells = blank();
          System.arraycopy(old, 0, cells, 0, Math.min(old.length, columns));
          return cells;
        });
  }

  /**
   * Gives rows that are too long now further rows.
   *
   * @return which row the cursor's is now
   */
  int reflow(int newColumns, int cursorRow) {
    List<VirtualTerminal.Cell[]> old = List.copyOf(rows);
    rows.clear();
    columns = newColumns;
    int newRow = 0;
    for (int i = 0; i < old.size(); i++) {
      if (i == cursorRow) {
        newRow = rows.size();
      }
      int used = used(old.get(i));
      for (int from = 0; from == 0 || from < used; from += columns) {
        VirtualTerminal.Cell[] cells = blank();
        int count = Math.min(columns, old.get(i).length - from);
        System.arraycopy(old.get(i), from, cells, 0, count);
        rows.add(cells);
      }
    }
    return newRow;
  }

  private static int used(VirtualTerminal.Cell[] cells) {
    int used = cells.length;
    while (used > 0 && cells[used - 1].text().equals(" ")) {
      used--;
    }
    return used;
  }

  /**
   * Loses rows below the cursor first, then at the top.
   *
   * @return which row the cursor's is now
   */
  int fitHeight(int newHeight, int cursorRow) {
    while (rows.size() > newHeight && rows.size() - 1 > cursorRow) {
      rows.removeLast();
    }
    int lost = Math.max(0, rows.size() - newHeight);
    for (int i = 0; i < lost; i++) {
      history.add(text(rows.removeFirst()));
    }
    addRows(newHeight);
    return cursorRow - lost;
  }

  /** All rows; copies. */
  List<List<VirtualTerminal.Cell>> rows() {
    return rows.stream().map(List::of).toList();
  }

  /** The texts of the rows, without blanks at their ends. */
  List<String> texts() {
    return rows.stream().map(TerminalCells::text).toList();
  }

  /** The texts of the rows that were lost at the top. */
  List<String> history() {
    return history;
  }

  private static String text(VirtualTerminal.Cell[] cells) {
    StringBuilder text = new StringBuilder();
    for (VirtualTerminal.Cell cell : cells) {
      text.append(cell.text());
    }
    return text.toString().stripTrailing();
  }
}
