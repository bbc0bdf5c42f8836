package io.mirrorimages.report.line;

import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.RecentRate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Sends how far a run is where nobody watches: every ten minutes, or when another tenth of the
 * bytes is done (ten seconds apart at least), and once for each standstill. Thread-safe; {@link
 * #close} ends it.
 */
public final class ProgressEvents implements RunListener, AutoCloseable {
  private static final Duration PERIOD = Duration.ofMinutes(10);
  private static final Duration APART = Duration.ofSeconds(10);
  private static final Duration STANDSTILL = Duration.ofSeconds(20);
  private static final int STEPS = 10;

  private final RunListener listener;
  private final LongSupplier nanos;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress-events").factory());
  private final AtomicLong moved = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong total = new AtomicLong();
  private volatile long images;
  private volatile boolean begun;
  // Of the clock's thread.
  private final RecentRate rate;
  private long sent;
  private long step;
  private long changed;
  private long before;
  private boolean standing;

  /** Sends to {@code listener}, every event of whose run comes here. */
  public ProgressEvents(RunListener listener) {
    this(listener, System::nanoTime);
    Future<?> _ = clock.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  /** One whose {@link #tick} is called by somebody else. */
  ProgressEvents(RunListener listener, LongSupplier nanos) {
    this.listener = listener;
    this.nanos = nanos;
    this.sent = nanos.getAsLong();
    this.changed = sent;
    this.rate = new RecentRate(sent, 0);
  }

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.RunStarted started -> images = started.images();
      case RunEvent.BlobRead read -> {
        moved.addAndGet(read.bytes());
        begun = true;
      }
      case RunEvent.PlanMade made -> {
        // Images of a registry that was away make a plan of their own.
        total.addAndGet(made.plan().totals().toMove());
        begun = true;
      }
      case RunEvent.ImageEnded _ -> ended.incrementAndGet();
      default -> {
        // It says nothing of how far the run is.
      }
    }
  }

  /** A second has passed. */
  void tick() {
    long now = nanos.getAsLong();
    long bytes = moved.get();
    rate.note(now, bytes);
    if (bytes + ended.get() != before) {
      before = bytes + ended.get();
      changed = now;
      standing = false;
    }
    boolean stands = begun && !standing && now - changed >= STANDSTILL.toNanos();
    long reached = total.get() == 0 ? 0 : bytes * STEPS / total.get();
    boolean stepped = reached > step && reached < STEPS && now - sent >= APART.toNanos();
    if (stands || stepped || now - sent >= PERIOD.toNanos()) {
      standing |= stands;
      step = reached;
      sent = now;
      listener.on(progress(bytes, Duration.ofNanos(now - changed)));
    }
  }

  private RunEvent.Progressed progress(long bytes, Duration standstill) {
    return new RunEvent.Progressed(
        ended.get(),
        images,
        bytes,
        total.get(),
        rate.perSecond(),
        standstill.compareTo(APART) < 0 ? rate.timeFor(total.get() - bytes) : Optional.empty(),
        standstill);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
