package io.mirrorimages.cli.process;

import java.util.OptionalInt;

/** How many columns a person sees. */
public final class TerminalWidth {
  private TerminalWidth() {}

  /** The columns of the terminal; empty if nobody watches, so that nothing is to be cut. */
  public static OptionalInt find() {
    return Terminal.isWatched()
        ? OptionalInt.of(TerminalWatch.size().columns())
        : OptionalInt.empty();
  }
}
