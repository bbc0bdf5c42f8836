package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Json;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** An error as Harbor words it: {@code {"errors":[{"code":...,"message":...}]}}. */
final class HarborError extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient String[] headers;

  HarborError(int status, String code, String message, String... headers) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  void answer(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
    byte[] body =
        Json.MAPPER.writeValueAsBytes(
            Map.of("errors", List.of(Map.of("code", code, "message", getMessage()))));
    FaultyRegistry.respond(exchange, status, body, headers);
  }
}
