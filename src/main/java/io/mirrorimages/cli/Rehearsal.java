package io.mirrorimages.cli;

import io.mirrorimages.cli.process.OutOfMemory;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.RecentRate;
import io.mirrorimages.report.line.EventText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

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
    showProgress();
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      int exitCode = Main.exitCode(line.split("\t"));
      if (exitCode != 0) {
        System.err.println("exit code " + exitCode + ": " + line);
        System.exit(exitCode);
      }
    }
  }

  /**
   * What a run of several seconds does. The load of the machine decides whether one of the lines
   * takes as long, and the cache must have the same classes each time.
   */
  private static void showProgress() {
    RecentRate rate = new RecentRate(0, 0);
    for (int second = 1; second <= 20; second++) {
      rate.note(Duration.ofSeconds(second).toNanos(), second * 1_000_000L);
    }
    new EventText()
        .lines(
            new RunEvent.Progressed(
                1,
                2,
                20_000_000,
                40_000_000,
                rate.perSecond(),
                rate.timeFor(20_000_000),
                Duration.ZERO));
  }
}
