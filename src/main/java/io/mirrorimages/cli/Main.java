package io.mirrorimages.cli;

import io.mirrorimages.cli.process.OutOfMemory;

/** The program's entry. */
public final class Main {
  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    OutOfMemory.endsTheProcess(System.err);
    System.exit(exitCode(arguments));
  }

  static int exitCode(String[] arguments) {
    try {
      return Cli.execute(System.out, System.err, arguments);
    } catch (OutOfMemoryError e) {
      // Everything has been closed on the way here, and what it held is free.
      return OutOfMemory.told(e);
    }
  }
}
