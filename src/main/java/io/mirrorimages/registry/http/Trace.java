package io.mirrorimages.registry.http;

import java.time.Duration;

/**
 * What is known of a request beside its content.
 *
 * @param requestId the {@code X-Request-ID}, by which the server's log can be searched
 * @param waited how long limits, pauses and outages held the request up before it was sent
 */
public record Trace(String requestId, Duration waited) {
  static Trace begin() {
    return new Trace(RequestIds.next(), Duration.ZERO);
  }

  Trace withNewId() {
    return new Trace(RequestIds.next(), waited);
  }
}
