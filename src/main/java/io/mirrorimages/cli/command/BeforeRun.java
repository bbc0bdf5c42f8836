package io.mirrorimages.cli.command;

import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.job.Cancellation.Interruptible;
import io.mirrorimages.mirror.event.RunEvent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.util.Optional;

/**
 * What a command asks of a registry before its {@link Run} begins: a signal or the deadline ends it
 * as it ends a run, with a line, its exit code and the report.
 */
record BeforeRun(RunOptions options, StopSignal stop, PrintStream err) {
  /**
   * Does work that may wait long.
   *
   * @param disconnect ends the connections of the work, if it is stopped
   * @return empty if it was stopped; the command ends with {@link #exitCode} then
   */
  <T> Optional<T> result(Runnable disconnect, Interruptible<T> work) throws IOException {
    stop.begin(this::endBeforeItsTime);
    try {
      return Optional.of(stop.interruptibly(disconnect, work));
    } catch (InterruptedIOException e) {
      if (!stop.isStopping()) {
        throw e;
      }
      sayHowToGoOn();
      return Optional.empty();
    }
  }

  /** The exit code after a stop. */
  int exitCode() {
    return stop.exitCode(ExitCode.INCOMPLETE);
  }

  /** The work hangs where it can't be interrupted. */
  private void endBeforeItsTime(int exitCode) {
    try {
      options.outcome().end(exitCode, Optional.empty());
    } catch (IOException e) {
      // Then the report is as it was at the beginning.
    }
    sayHowToGoOn();
  }

  private void sayHowToGoOn() {
    options
        .listeners()
        .on(new RunEvent.Interrupted(stop.reason() + ": run the same command again"));
  }
}
