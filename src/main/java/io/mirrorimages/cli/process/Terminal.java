package io.mirrorimages.cli.process;

/** Whether a person watches the output. */
public final class Terminal {
  private Terminal() {}

  /**
   * Whether standard input and output are a terminal. There is no console at all where input is
   * redirected.
   */
  @SuppressWarnings("SystemConsoleNull")
  public static boolean isAttached() {
    return System.console() != null && System.console().isTerminal();
  }
}
