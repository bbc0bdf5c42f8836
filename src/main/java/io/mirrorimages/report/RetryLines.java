package io.mirrorimages.report;

import io.mirrorimages.failure.Retries.Pause;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.Text;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A line for each retry, at most one a second: where many workers retry at once, the next line says
 * how many there were between. Thread-safe.
 */
public final class RetryLines implements Consumer<Pause> {
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final long PERIOD = Duration.ofSeconds(1).toNanos();

  private final PrintStream err;
  private final boolean terminal;
  private final LongSupplier nanos;
  private long nextLine;
  private int untold;

  /**
   * Prints to {@code err}, which is not closed here.
   *
   * @param terminal whether it is one, where the line of the progress has to make room
   */
  public RetryLines(PrintStream err, boolean terminal) {
    this(err, terminal, System::nanoTime);
  }

  RetryLines(PrintStream err, boolean terminal, LongSupplier nanos) {
    this.err = err;
    this.terminal = terminal;
    this.nanos = nanos;
    this.nextLine = nanos.getAsLong();
  }

  @Override
  public synchronized void accept(Pause pause) {
    long now = nanos.getAsLong();
    if (now - nextLine < 0) {
      untold++;
      return;
    }
    nextLine = now + PERIOD;
    if (terminal) {
      PlainStream.steer(err, ERASE_LINE);
    }
    err.println(
        "mirror-images: retry "
            + pause.retry()
            + " in "
            + Units.time(pause.time())
            + ": "
            + Text.line(ErrorWords.of(pause.cause()))
            + (untold == 0 ? "" : " (and " + untold + " more" + ")"));
    untold = 0;
  }
}
