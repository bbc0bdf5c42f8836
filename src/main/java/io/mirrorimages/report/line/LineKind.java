package io.mirrorimages.report.line;

import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;

/** Where the lines of an event go, and what becomes of them in a quiet run. */
enum LineKind {
  /** What was done. */
  OUTCOME(true, Quiet.NEVER),
  /** An image that is not done. */
  FAILURE(true, Quiet.AT_ONCE),
  /** What the run came to. */
  SUMMARY(true, Quiet.IF_FAILED),
  /** How it goes. */
  NOTICE(false, Quiet.NEVER),
  /** What the user should know or do. */
  HINT(false, Quiet.IF_FAILED),
  /** The end of the command, for programs: text has no line for it. */
  END(false, Quiet.IF_FAILED),
  /** The run is stopped. */
  STOP(false, Quiet.AT_ONCE);

  /** When a quiet run prints a line. */
  enum Quiet {
    NEVER,
    AT_ONCE,
    /** At the end of a run that has not done everything, unless it was stopped. */
    IF_FAILED
  }

  private final boolean forStandardOutput;
  private final Quiet quiet;

  LineKind(boolean forStandardOutput, Quiet quiet) {
    this.forStandardOutput = forStandardOutput;
    this.quiet = quiet;
  }

  /** Whether it goes to standard output, in a run that is not quiet. */
  boolean isForStandardOutput() {
    return forStandardOutput;
  }

  /** What becomes of it in a quiet run. */
  Quiet quiet() {
    return quiet;
  }

  /** That of an event. */
  static LineKind of(RunEvent event) {
    return switch (event) {
      case RunEvent.ImageEnded end when end.result().status() == Status.FAILED -> FAILURE;
      case RunEvent.ImagesEnded _ -> SUMMARY;
      case RunEvent.Hint _ -> HINT;
      case RunEvent.RunEnded _ -> END;
      case RunEvent.Interrupted _ -> STOP;
      case RunEvent.ImageEnded _,
          RunEvent.PlanMade _,
          RunEvent.PullsForeseen _,
          RunEvent.ProjectCreated _,
          RunEvent.Note _ ->
          OUTCOME;
      default -> NOTICE;
    };
  }
}
