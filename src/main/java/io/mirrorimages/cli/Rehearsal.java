package io.mirrorimages.cli;

import io.mirrorimages.cli.process.OutOfMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the command lines of a file one after the other in one process, which the start-up cache is
 * made from (scripts/start-up-cache): a line is a command line, its words between tabs.
 */
public final class Rehearsal {
  private Rehearsal() {}

  /**
   * Runs the lines of the file that the one argument names. Exits with the first code that is not
   * 0.
   */
  public static void main(String[] arguments) throws IOException {
    OutOfMemory.endsTheProcess(System.err);
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      int exitCode = Main.exitCode(line.split("\t"));
      if (exitCode != 0) {
        System.err.println("exit code " + exitCode + ": " + line);
        System.exit(exitCode);
      }
    }
  }
}
