package io.mirrorimages.report;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.failure.Retries.Pause;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.Text;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A line for each retry, at most one a second: where many workers retry at once, the next line says
 * how many there were between. Thread-safe.
 */
public final class RetryLines implements Consumer<Pause> {
  private static final long PERIOD = Duration.ofSeconds(1).toNanos();

  private final Consumer<String> lines;
  private final LongSupplier nanos;

  @GuardedBy("this")
  private long nextLine;

  @GuardedBy("this")
  private int untold;

  /** Gives them to {@code lines}. */
  public RetryLines(Consumer<String> lines) {
    this(lines, System::nanoTime);
  }

  RetryLines(Consumer<String> lines, LongSupplier nanos) {
    this.lines = lines;
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
    lines.accept(
        "retry "
            + pause.retry()
            + " in "
            + Units.time(pause.time())
            + ": "
            + Text.line(ErrorWords.of(pause.cause()))
            + (untold == 0 ? "" : " (and " + untold + " more" + ")"));
    untold = 0;
  }
}
