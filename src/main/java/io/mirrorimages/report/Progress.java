package io.mirrorimages.report;

import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How far the run is, from time to time: on a terminal a line that is renewed in place, elsewhere
 * (cron, a pipe) a line a minute, so that a log shows a long transfer is alive, and one more when
 * nothing has moved for a while. {@link #close} ends it and leaves a clean line.
 */
public final class Progress implements RunListener, AutoCloseable {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration STANDSTILL = Duration.ofSeconds(10);
  private static final Duration WORTH_A_LINE = Duration.ofSeconds(20);
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean terminal;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());
  private final AtomicLong moved = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final LongSupplier nanos;
  private final long images;
  private final long began;
  private volatile long total;
  private volatile boolean planned;
  // Of the clock's thread.
  private final RecentRate rate;
  private long printed;
  private long changed;
  private long before;
  private boolean standing;

  /**
   * Prints to {@code err}, which is not closed here.
   *
   * @param terminal whether it is one
   * @param images how many images the run has
   * @param total the bytes to expect, 0 if unknown; each plan adds its own
   */
  public Progress(PrintStream err, boolean terminal, int images, long total) {
    this(err, terminal, images, total, System::nanoTime);
    Duration period = Duration.ofMillis(terminal ? 500 : 1000);
    Future<?> _ =
        clock.scheduleAtFixedRate(
            this::tick, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One whose {@link #tick} is called by somebody else. */
  Progress(PrintStream err, boolean terminal, int images, long total, LongSupplier nanos) {
    this.err = err;
    this.terminal = terminal;
    this.images = images;
    this.total = total;
    this.nanos = nanos;
    this.began = nanos.getAsLong();
    this.printed = began;
    this.changed = began;
    this.rate = new RecentRate(began, 0);
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.BlobRead read -> moved.addAndGet(read.bytes());
      case RunEvent.PlanMade made -> {
        add(made.plan().totals().toMove());
        planned = true;
        makeRoom();
      }
      case RunEvent.ImageEnded _ -> {
        ended.incrementAndGet();
        makeRoom();
      }
      case RunEvent.PullsForeseen _, RunEvent.ProjectCreated _, RunEvent.Note _ -> makeRoom();
      default -> {
        // It says nothing of how far the run is.
      }
    }
  }

  /** Images of a registry that was away make a plan of their own. */
  private synchronized void add(long bytes) {
    total += bytes;
  }

  /** A line about it follows on standard output. */
  private void makeRoom() {
    if (terminal) {
      PlainStream.steer(err, ERASE_LINE);
    }
  }

  /** A moment has passed. */
  void tick() {
    long now = nanos.getAsLong();
    rate.note(now, moved.get());
    long progress = moved.get() + ended.get();
    if (progress != before) {
      before = progress;
      changed = now;
      standing = false;
    }
    boolean stands = isBegun() && now - changed >= WORTH_A_LINE.toNanos() && !standing;
    if (terminal || stands || now - printed >= MINUTE.toNanos()) {
      standing |= stands;
      printed = now;
      print(line(now));
    }
  }

  private boolean isBegun() {
    return planned || moved.get() > 0;
  }

  private void print(String line) {
    if (terminal) {
      PlainStream.steer(err, ERASE_LINE);
      err.print(line);
      err.flush();
    } else {
      err.println(line);
    }
  }

  private String line(long now) {
    String images = ended.get() + " of " + Units.count(this.images, "image");
    if (!isBegun()) {
      // It is being planned, or asked for only.
      return images + ", after " + Units.time(Duration.ofNanos(now - began));
    }
    long done = moved.get();
    return images
        + ", "
        + Units.bytes(done)
        + (total > 0 ? " of " + Units.bytes(total) : "")
        + ", "
        + speed(done, Duration.ofNanos(now - changed));
  }

  private String speed(long done, Duration standstill) {
    if (standstill.compareTo(STANDSTILL) >= 0) {
      return "stalled for " + Units.time(standstill);
    }
    long speed = rate.perSecond();
    String left =
        total > done && speed > 0
            ? ", about " + Units.roughly(Duration.ofSeconds((total - done) / speed + 1)) + " left"
            : "";
    return Units.bytes(speed) + "/s" + left;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    if (terminal) {
      PlainStream.steer(err, ERASE_LINE);
    }
  }
}
