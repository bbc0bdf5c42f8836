package io.mirrorimages.report.live;

import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.PlainStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows how a run goes in a block of lines at the bottom of a terminal, painted at most five times
 * a second by a thread of its own, and once more below each line that is printed meanwhile. {@link
 * #close} erases it. Thread-safe.
 */
public final class LiveView implements RunListener, AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(200);

  private final ScheduledExecutorService painter =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("live-view").factory());
  private final LiveState state;
  private final Pace pace;
  private final StatusBlock block;
  private final StatusScreen screen;
  private final Clock clock;
  private final TerminalUse use;
  // Of the painting thread.
  private TerminalSize last = TerminalSize.USUAL;

  /**
   * How a terminal is used.
   *
   * @param sizes how large it is; the view closes it
   * @param unicode whether it shows block elements; else bars are ASCII
   */
  public record TerminalUse(TerminalSizes sizes, boolean unicode) {}

  /**
   * Opens the view.
   *
   * @param out standard output, on the same terminal
   * @param terminal where the block is painted; neither is closed here
   * @param images how many images the run has
   */
  public LiveView(PrintStream out, PrintStream terminal, int images, TerminalUse use) {
    this(out, terminal, images, use, Clock.system(ZoneId.systemDefault()), System::nanoTime);
    Future<?> _ =
        painter.scheduleWithFixedDelay(
            this::paint, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One whose {@link #paint} is called by somebody else. */
  LiveView(
      PrintStream out,
      PrintStream terminal,
      int images,
      TerminalUse use,
      Clock clock,
      LongSupplier nanos) {
    this.clock = clock;
    this.use = use;
    this.state = new LiveState(images, clock);
    this.pace = new Pace(nanos);
    this.block =
        new StatusBlock(
            state,
            pace,
            use.unicode() ? Glyphs.UNICODE : Glyphs.ASCII,
            text -> PlainStream.plain(terminal, text),
            clock.getZone());
    this.screen = new StatusScreen(out, terminal, use.sizes());
  }

  @Override
  public void on(RunEvent event) {
    state.on(event);
  }

  /** Says that the run is being stopped. */
  public void stopping() {
    state.stopping();
  }

  /**
   * Erases the block and runs {@code stop}, which stops the process; the block is painted again
   * when it continues.
   */
  public void suspend(Runnable stop) {
    screen.suspend(stop);
  }

  /** Paints the block as of now. */
  void paint() {
    pace.note(state);
    boolean changed = use.sizes().hasChanged();
    TerminalSize now = use.sizes().current();
    if (now.equals(last) && !changed) {
      screen.paint(block.lines(now, clock.instant()));
    } else {
      last = now;
      screen.repaint(block.lines(now, clock.instant()));
    }
  }

  @Override
  public void close() {
    painter.shutdownNow();
    screen.close();
    use.sizes().close();
  }
}
