package io.mirrorimages.report.live;

/** Knows how large a terminal is while that changes. */
public interface TerminalSizes extends AutoCloseable {
  /** The size as of now; called by one thread, often. */
  TerminalSize current();

  /** Whether it has changed since the last call of {@link #current}. Thread-safe. */
  boolean hasChanged();

  /** Watches it no longer. */
  @Override
  void close();
}
