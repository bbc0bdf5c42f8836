package io.mirrorimages.registry.http;

import java.io.Closeable;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;

/**
 * Cuts an upload whose server has stopped taking bytes: a socket has a time limit for reading only.
 */
final class StallGuard implements Closeable {
  private final HttpUriRequestBase request;
  private final SizedBody body;
  private final Duration limit;
  private final Thread watch;
  private volatile boolean struck;

  private StallGuard(HttpUriRequestBase request, SizedBody body, Duration limit) {
    this.request = request;
    this.body = body;
    this.limit = limit;
    this.watch = Thread.ofVirtual().name("stall-guard").unstarted(this::watch);
  }

  /** Watches until it is closed. */
  static StallGuard over(HttpUriRequestBase request, SizedBody body, Duration limit) {
    StallGuard guard = new StallGuard(request, body, limit);
    guard.watch.start();
    return guard;
  }

  /** Whether it has cut the request. */
  boolean hasStruck() {
    return struck;
  }

  private void watch() {
    try {
      long seen = -1;
      while (true) {
        Thread.sleep(limit);
        long now = body.written();
        if (body.isWriting() && now == seen) {
          struck = true;
          request.cancel();
          return;
        }
        seen = now;
      }
    } catch (InterruptedException e) {
      // Closed: the request has ended.
    }
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
