package io.mirrorimages.cli.closing;

import java.io.IOException;
import java.util.List;

/** Says what a run has made, and what to do next. Called once, at its end. */
@FunctionalInterface
public interface Closing {
  /** Nothing to say. */
  Closing NONE = run -> List.of();

  /**
   * The lines.
   *
   * @throws IOException if what was made can't be read; then there are none
   */
  List<String> lines(EndedRun run) throws IOException;
}
