package io.mirrorimages.cli.command;

import io.mirrorimages.job.JobListener;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.Listeners;
import java.util.List;
import java.util.function.UnaryOperator;

/** Receives the events of a job for a command. */
final class JobLines implements JobListener {
  private final Listeners events;
  private final Runnable finished;
  private volatile String kept = "";
  private volatile UnaryOperator<ImageResult> telling = UnaryOperator.identity();

  /**
   * Sends the events of a job on.
   *
   * @param events receives all of them
   * @param finished called when only the end of the work is left
   */
  JobLines(Listeners events, Runnable finished) {
    this.events = events;
    this.finished = finished;
  }

  /** Those of a dry run. */
  static JobLines ofPlan(Listeners events) {
    return new JobLines(events, () -> {});
  }

  @Override
  public void on(RunEvent event) {
    events.on(
        event instanceof RunEvent.ImageEnded(ImageResult result)
            ? new RunEvent.ImageEnded(telling.apply(result))
            : event);
  }

  /** Changes what is told of each image that has ended; before the job begins. */
  void telling(UnaryOperator<ImageResult> change) {
    telling = change;
  }

  /** What is told of the results of the job. */
  List<ImageResult> told(List<ImageResult> results) {
    return results.stream().map(telling).toList();
  }

  @Override
  public void keeping(String text) {
    kept = text;
  }

  /** What a job that was stopped keeps, in words; empty if it has not said so. */
  String kept() {
    return kept;
  }

  @Override
  public void finishing() {
    finished.run();
  }
}
