package io.mirrorimages.cli.command.inspect;

import java.io.PrintStream;
import java.util.OptionalInt;

/**
 * Where the facts go.
 *
 * @param out closed by nobody here
 * @param width the columns of the terminal; empty for a pipe or a file, where nothing is cut
 */
record Screen(PrintStream out, OptionalInt width) {
  /** Prints a line, cut at its end where it is too wide. */
  void line(String text) {
    out.println(
        width.isPresent() ? TextTable.cut(text, width.getAsInt(), TextTable.Cut.END) : text);
  }

  /** Whether line-drawing characters can be shown. */
  boolean drawsLines() {
    return out.charset().newEncoder().canEncode('\u2514');
  }
}
