package io.mirrorimages.report.live;

/**
 * How large a terminal is, in cells.
 *
 * @param columns 1 or more
 * @param rows 1 or more
 */
public record TerminalSize(int columns, int rows) {
  /** That of a terminal that does not say how large it is. */
  public static final TerminalSize USUAL = new TerminalSize(80, 24);

  /** At least one cell. */
  public TerminalSize {
    columns = Math.max(1, columns);
    rows = Math.max(1, rows);
  }
}
