package io.mirrorimages.registry.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The {@code X-Request-ID} of a request, which Harbor and proxies write into their logs. */
final class RequestIds {
  private RequestIds() {}

  /** A new one: 16 hexadecimal digits, unique for all practical purposes. */
  static String next() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
