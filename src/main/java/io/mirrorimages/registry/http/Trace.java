package io.mirrorimages.registry.http;

import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What is known of a request beside its content.
 *
 * @param requestId the {@code X-Request-ID}, by which the logs of Harbor and proxies can be
 *     searched
 * @param waited how long limits, pauses and outages held the request up before it was sent
 */
public record Trace(String requestId, Duration waited) {
  static Trace begin() {
    return new Trace(newId(), Duration.ZERO);
  }

  Trace withNewId() {
    return new Trace(newId(), waited);
  }

  /** 16 hexadecimal digits, unique for all practical purposes. */
  private static String newId() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
