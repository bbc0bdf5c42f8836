package io.mirrorimages.mirror.event;

/**
 * Receives the events of a run. Called from many threads at once; returns quickly and never throws.
 */
@FunctionalInterface
public interface RunListener {
  /** Ignores all events. */
  RunListener NONE = event -> {};

  /** Something has happened. */
  void on(RunEvent event);
}
