package io.mirrorimages.registry.http;

import io.mirrorimages.image.Text;
import io.mirrorimages.registry.http.wire.WireTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One request as it went over the wire, for a log. A redirect, a token and a retry are requests of
 * their own.
 *
 * @param began when it was sent
 * @param method the HTTP method
 * @param url where to, with its query
 * @param status that of the answer; empty if there was none
 * @param failure why there was no answer
 * @param took from the sending until the answer was closed
 * @param received the bytes of the answer's body that were read
 * @param sent the length of the request's body in bytes
 * @param waited how long limits, pauses and outages held it up before
 * @param retry 0 for a first try, 1 for the first retry
 * @param requestId its {@code X-Request-ID}
 * @param waits what it waited for on the wire
 */
public record SentRequest(
    Instant began,
    String method,
    Url url,
    OptionalInt status,
    Optional<String> failure,
    Duration took,
    long received,
    long sent,
    Duration waited,
    int retry,
    String requestId,
    Waits waits) {

  /**
   * What a request waited for on the wire, in nanoseconds; all 0 if there was no answer.
   *
   * @param opened whether a connection was opened for it
   * @param connecting until there was a connection
   * @param sending until it had gone out, with the waits for what its body is read from
   * @param firstByte from then until the answer's head was there
   * @param receiving in reads of the answer's body
   */
  public record Waits(
      boolean opened, long connecting, long sending, long firstByte, long receiving) {
    static final Waits NONE = new Waits(false, 0, 0, 0, 0);

    static Waits of(WireTimes times, long receiving) {
      return new Waits(
          times.isOpened(), times.connecting(), times.sending(), times.waiting(), receiving);
    }
  }

  /** One line of {@code name=value}, without the query. Secrets of the path are not masked yet. */
  public String line() {
    String target = url.target();
    int query = target.indexOf('?');
    return "time="
        + began
        + " method="
        + method
        + " host="
        + url.authority()
        + " path="
        + (query < 0 ? target : target.substring(0, query) + "?***")
        + " status="
        + (status.isPresent() ? String.valueOf(status.getAsInt()) : "-")
        + " ms="
        + took.toMillis()
        + " received="
        + received
        + " sent="
        + sent
        + " waited_ms="
        + waited.toMillis()
        + " retry="
        + retry
        + " id="
        + requestId
        + failure.map(why -> " failure=" + Text.line(why)).orElse("");
  }
}
