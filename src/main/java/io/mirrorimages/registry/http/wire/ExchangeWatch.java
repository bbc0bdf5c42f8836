package io.mirrorimages.registry.http.wire;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * How long one exchange may still wait for its server. A socket's own time limit begins again with
 * every byte, so that a server could hold a worker for ever by sending, or taking, one now and
 * then. Only the time between {@link #waiting} and {@link #moved} counts: a slow reader, or a slow
 * supplier of what is sent, is not the server's fault. One thread waits, another looks.
 * Thread-safe.
 */
public final class ExchangeWatch implements Closeable {
  /** What a body must move, on the average; a line of 2 kB/s is enough for 30 of them. */
  static final int LEAST_BYTES_PER_SECOND = 64;

  private static final long NANOS_PER_BYTE =
      Duration.ofSeconds(1).toNanos() / LEAST_BYTES_PER_SECOND;

  private final Watchdog dog;
  private final Runnable cut;
  private final WireTimes times = new WireTimes();

  @GuardedBy("this")
  private long most;

  @GuardedBy("this")
  private long left;

  @GuardedBy("this")
  private boolean earning;

  @GuardedBy("this")
  private boolean waits;

  @GuardedBy("this")
  private long since;

  @GuardedBy("this")
  private boolean struck;

  @GuardedBy("this")
  private boolean silent;

  /**
   * @param cut makes the waiting thread fail
   */
  public ExchangeWatch(Watchdog dog, Runnable cut) {
    this.dog = dog;
    this.cut = cut;
  }

  /** Where the exchange's time went. */
  public WireTimes times() {
    return times;
  }

  /** From now on all waits together may take this long, whatever they bring. */
  public synchronized void allow(Duration all) {
    most = all.toNanos();
    left = most;
    earning = false;
  }

  /** From now on bytes give time back, never more than this in all: a least rate. */
  public synchronized void allowAtLeastRate(Duration atMost) {
    allow(atMost);
    earning = true;
  }

  /** A wait begins. */
  public synchronized void waiting() {
    waits = true;
    since = System.nanoTime();
  }

  /** A wait has ended, and has moved so many bytes. */
  public synchronized void moved(long bytes) {
    if (waits) {
      waits = false;
      left -= System.nanoTime() - since;
      if (earning) {
        long earned = bytes < most / NANOS_PER_BYTE ? bytes * NANOS_PER_BYTE : most;
        left = Math.min(most, left + earned);
      }
    }
  }

  /** Cuts the exchange if its time is up. */
  void look(long now) {
    synchronized (this) {
      if (struck || !waits || now - since <= left) {
        return;
      }
      struck = true;
      silent = earning && now - since > most / 2;
    }
    cut.run();
  }

  /** Whether it has cut the exchange. */
  public synchronized boolean hasStruck() {
    return struck;
  }

  /** What that means, where the cut connection threw {@code e}. */
  public synchronized IOException failure(Throwable e) {
    SocketTimeoutException failure =
        silent ? new SocketTimeoutException("no byte in time") : new TooSlowException();
    failure.initCause(e);
    return failure;
  }

  @Override
  public void close() {
    dog.forget(this);
  }
}
