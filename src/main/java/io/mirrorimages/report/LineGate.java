package io.mirrorimages.report;

/** What makes room on a terminal for a line that is printed. Thread-safe. */
@FunctionalInterface
public interface LineGate {
  /** Nothing has to make room. */
  LineGate OPEN = Runnable::run;

  /** Has a line printed, and returns when it is. */
  void print(Runnable line);
}
