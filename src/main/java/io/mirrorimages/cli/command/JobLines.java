package io.mirrorimages.cli.command;

import io.mirrorimages.cli.process.Terminal;
import io.mirrorimages.job.JobListener;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Notices;
import io.mirrorimages.report.PullLines;
import java.io.PrintStream;

/**
 * Prints the lines of a job.
 *
 * @param events receives all events
 * @param hints receives the hints too
 * @param out where notes go
 * @param finished called when only the end of the work is left
 */
record JobLines(RunListener events, RunListener hints, PrintStream out, Runnable finished)
    implements JobListener {
  /** Those of a run. */
  static JobLines of(RunListener events, PrintStream out, PrintStream err, Runnable finished) {
    return new JobLines(events, new Notices(err, Terminal.isAttached()), out, finished);
  }

  /** Those of a dry run: what its plan costs, and what would be made. */
  static JobLines ofPlan(PrintStream out, PrintStream err) {
    return of(new PullLines(out), out, err, () -> {});
  }

  @Override
  public void on(RunEvent event) {
    events.on(event);
    if (event instanceof RunEvent.Hint) {
      hints.on(event);
    }
  }

  @Override
  public void note(String line) {
    out.println(line);
  }

  @Override
  public void finishing() {
    finished.run();
  }
}
