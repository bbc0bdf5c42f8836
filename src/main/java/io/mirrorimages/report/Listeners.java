package io.mirrorimages.report;

import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Passes each event to several listeners, in the order in which they were added. Those that are
 * added late have missed what was before. Thread-safe.
 */
public final class Listeners implements RunListener {
  private final List<RunListener> all;

  /** Begins with these. */
  public Listeners(RunListener... first) {
    this.all = new CopyOnWriteArrayList<>(first);
  }

  /** Adds one, for all events from now on. */
  public void add(RunListener listener) {
    all.add(listener);
  }

  /** Takes one out, which receives no events from now on. */
  public void remove(RunListener listener) {
    all.remove(listener);
  }

  @Override
  public void on(RunEvent event) {
    for (RunListener listener : all) {
      listener.on(event);
    }
  }
}
