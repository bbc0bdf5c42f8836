package io.mirrorimages.report;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.RunListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the run is, from time to time: on a terminal a line that is renewed in place, elsewhere
 * (cron, a pipe) a line a minute, so that a log shows a long transfer is alive. {@link #close} ends
 * it and leaves a clean line.
 */
public final class Progress implements RunListener, AutoCloseable {
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean terminal;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());
  private final AtomicLong moved = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private volatile long total;
  private volatile long images;
  private volatile long began = System.nanoTime();

  /**
   * Prints to {@code err}, which is not closed here.
   *
   * @param terminal whether it is one
   * @param images how many images the run has
   * @param total the bytes to expect, 0 if unknown; a plan renews it
   */
  public Progress(PrintStream err, boolean terminal, int images, long total) {
    this.err = err;
    this.terminal = terminal;
    this.images = images;
    this.total = total;
    Duration period = terminal ? Duration.ofMillis(500) : Duration.ofMinutes(1);
    clock.scheduleAtFixedRate(
        this::print, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void planned(Plan plan) {
    total = plan.totals().toMove();
    began = System.nanoTime();
  }

  @Override
  public void ended(ImageResult result) {
    ended.incrementAndGet();
    if (terminal) {
      // The image's own line follows on standard output: make room for it.
      PlainStream.steer(err, ERASE_LINE);
    }
  }

  @Override
  public void moved(long bytes) {
    moved.addAndGet(bytes);
  }

  private void print() {
    String line = line();
    if (terminal) {
      PlainStream.steer(err, ERASE_LINE);
      err.print(line);
      err.flush();
    } else {
      err.println(line);
    }
  }

  private String line() {
    long done = moved.get();
    double seconds = (System.nanoTime() - began) / 1e9;
    long rate = (long) (done / Math.max(seconds, 0.1));
    StringBuilder line =
        new StringBuilder(
            ended.get() + " of " + Units.count(images, "image") + ", " + Units.bytes(done));
    if (total > 0) {
      line.append(" of ").append(Units.bytes(total));
    }
    line.append(", ").append(Units.bytes(rate)).append("/s");
    if (total > done && rate > 0) {
      line.append(", about ")
          .append(Units.time(Duration.ofSeconds((total - done) / rate + 1)))
          .append(" left");
    }
    return line.toString();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    if (terminal) {
      PlainStream.steer(err, ERASE_LINE);
    }
  }
}
