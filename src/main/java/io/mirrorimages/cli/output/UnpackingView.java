package io.mirrorimages.cli.output;

import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Listeners;
import io.mirrorimages.report.live.LiveView;
import java.util.Optional;
import java.util.function.Supplier;

/** The live view of archives that are unpacked, from the first one on. Thread-safe. */
public final class UnpackingView implements RunListener, AutoCloseable {
  private final Listeners listeners;
  private final Supplier<LiveView> views;
  private Optional<LiveView> view = Optional.empty();

  /**
   * Begins to listen.
   *
   * @param listeners what it is one of until it is closed
   * @param views opens a view
   */
  UnpackingView(Listeners listeners, Supplier<LiveView> views) {
    this.listeners = listeners;
    this.views = views;
    listeners.add(this);
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.Unpacking && view.isEmpty()) {
      view = Optional.of(views.get());
    }
    view.ifPresent(open -> open.on(event));
  }

  @Override
  public synchronized void close() {
    listeners.remove(this);
    view.ifPresent(LiveView::close);
    view = Optional.empty();
  }
}
