package io.mirrorimages.registry.http;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.ErrorWords;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The stage beside the wire that reports every request once: when its answer is closed, or when it
 * is known that there is none. Thread-safe if the listener is.
 */
public final class RequestLog implements Exchange {
  private final Consumer<SentRequest> listener;
  private final Exchange next;

  /** Reports to {@code listener} what {@code next} is sent. */
  public RequestLog(Consumer<SentRequest> listener, Exchange next) {
    this.listener = listener;
    this.next = next;
  }

  @Override
  public Response send(Request call) throws IOException {
    Instant began = Instant.now();
    long start = System.nanoTime();
    int retry = Retries.current();
    Response answer;
    try {
      answer = next.send(call);
    } catch (IOException | RuntimeException e) {
      String why = ErrorWords.of(e);
      report(call, retry, began, start, OptionalInt.empty(), Optional.of(why), 0);
      throw e;
    }
    AtomicLong received = new AtomicLong();
    OptionalInt status = OptionalInt.of(answer.status());
    return answer.through(
        in -> new Counted(in, received),
        () -> report(call, retry, began, start, status, Optional.empty(), received.get()));
  }

  private void report(
      Request call,
      int retry,
      Instant began,
      long start,
      OptionalInt status,
      Optional<String> failure,
      long received) {
    listener.accept(
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
            call.trace().requestId()));
  }

  /** Closing it closes {@code in}. */
  private static final class Counted extends BulkInputStream {
    private final InputStream in;
    private final AtomicLong count;

    Counted(InputStream in, AtomicLong count) {
      this.in = in;
      this.count = count;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      count.addAndGet(Math.max(0, read));
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
