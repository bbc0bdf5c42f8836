package io.mirrorimages.cli.command;

import io.mirrorimages.job.JobListener;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.Listeners;

/**
 * Receives the events of a job for a command.
 *
 * @param events receives all of them
 * @param finished called when only the end of the work is left
 */
record JobLines(Listeners events, Runnable finished) implements JobListener {
  /** Those of a dry run. */
  static JobLines ofPlan(Listeners events) {
    return new JobLines(events, () -> {});
  }

  @Override
  public void on(RunEvent event) {
    events.on(event);
  }

  @Override
  public void finishing() {
    finished.run();
  }
}
