package io.mirrorimages.registry.http;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.registry.http.wire.WireTimes;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The stage beside the wire that reports every request once: when its answer is closed, or when it
 * is known that there is none. Thread-safe if the listener is.
 */
public final class RequestLog implements Exchange {
  /** Receives each request that goes over the wire. Called by several threads; must not block. */
  @FunctionalInterface
  public interface Listener {
    /** One is about to be sent; {@link #ended} follows in any case. */
    default void began(Url url) {}

    /** Its answer was closed, or there is none. */
    void ended(SentRequest request);
  }

  private final Listener listener;
  private final Exchange next;

  /** Reports to {@code listener} what {@code next} is sent. */
  public RequestLog(Listener listener, Exchange next) {
    this.listener = listener;
    this.next = next;
  }

  @Override
  public Response send(Request call) throws IOException {
    Instant began = Instant.now();
    long start = System.nanoTime();
    int retry = Retries.current();
    Response answer;
    listener.began(call.url());
    try {
      answer = next.send(call);
    } catch (IOException | RuntimeException e) {
      String why = ErrorWords.of(e);
      report(
          call,
          retry,
          began,
          start,
          OptionalInt.empty(),
          Optional.of(why),
          0,
          SentRequest.Waits.NONE);
      throw e;
    }
    WireTimes times = answer.times();
    AtomicLong received = new AtomicLong();
    AtomicLong receiving = new AtomicLong();
    OptionalInt status = OptionalInt.of(answer.status());
    return answer.through(
        in -> new Counted(in, received, receiving),
        () ->
            report(
                call,
                retry,
                began,
                start,
                status,
                Optional.empty(),
                received.get(),
                SentRequest.Waits.of(times, receiving.get())));
  }

  private void report(
      Request call,
      int retry,
      Instant began,
      long start,
      OptionalInt status,
      Optional<String> failure,
      long received,
      SentRequest.Waits waits) {
    listener.ended(
        new SentRequest(
            began,
            call.method(),
            call.url(),
            status,
            failure,
            Duration.ofNanos(System.nanoTime() - start),
            received,
            call.body().length(),
            call.trace().waited(),
            retry,
            call.trace().requestId(),
            waits));
  }

  /** Closing it closes {@code in}. */
  private static final class Counted extends BulkInputStream {
    private final InputStream in;
    private final AtomicLong count;
    private final AtomicLong waited;

    Counted(InputStream in, AtomicLong count, AtomicLong waited) {
      this.in = in;
      this.count = count;
      this.waited = waited;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      long began = System.nanoTime();
      int read = in.read(buffer, offset, length);
      waited.addAndGet(System.nanoTime() - began);
      count.addAndGet(Math.max(0, read));
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
