package io.mirrorimages.cli;

/** The program's entry. */
public final class Main {
  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(Cli.commandLine(System.out, System.err).execute(arguments));
  }
}
