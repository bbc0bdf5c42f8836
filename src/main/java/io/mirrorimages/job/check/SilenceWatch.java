package io.mirrorimages.job.check;

import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reports each host once that lets a request wait, whatever it is silent in: the name's lookup, the
 * connection, the handshake or the answer. Thread-safe; has one thread until it is closed.
 */
final class SilenceWatch implements Closeable {
  /** A person who waits for longer looks for the reason. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);

  private final Duration patience;
  private final Duration worthTelling;
  private final RunListener listener;
  private final ScheduledExecutorService timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("silence").factory());
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** A request that waits for its answer. */
  @FunctionalInterface
  interface HostRequest<T> {
    T send() throws IOException;
  }

  /**
   * @param patience how long a host is waited for
   * @param listener receives the waits; not to block
   */
  SilenceWatch(Duration patience, RunListener listener) {
    this.patience = patience;
    Duration part = patience.dividedBy(5);
    this.worthTelling = part.compareTo(LONGEST_SILENCE) < 0 ? part : LONGEST_SILENCE;
    this.listener = listener;
  }

  /** Does a request to a host, under watch. */
  <T> T over(String host, HostRequest<T> request) throws IOException {
    Future<?> line =
        timer.schedule(() -> tell(host), worthTelling.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return request.send();
    } finally {
      line.cancel(false);
    }
  }

  /** After which time a wait is reported; a request that took so long was waited for. */
  Duration worthTelling() {
    return worthTelling;
  }

  private void tell(String host) {
    if (told.add(host)) {
      listener.on(
          new RunEvent.Waiting(new Wait(host, "no answer yet", patience.minus(worthTelling))));
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
