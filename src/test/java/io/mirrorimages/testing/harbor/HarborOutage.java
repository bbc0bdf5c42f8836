package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * A Harbor whose database is away for a while, counted in requests: it does not say so, but calls
 * nobody by name and gives nobody a right. Thread-safe.
 */
final class HarborOutage {
  private static final String REFUSED =
      "failed to connect to `user=postgres database=registry`: 127.0.0.1:5432 (127.0.0.1): dial"
          + " error: dial tcp 127.0.0.1:5432: connect: connection refused";

  private Pattern first;
  private int left;

  synchronized void begin(String request, int requests) {
    first = Pattern.compile(request);
    left = requests;
  }

  private synchronized boolean isAway(String request) {
    if (first != null && first.matcher(request).find()) {
      first = null;
    }
    return first == null && left > 0 && left-- > 0;
  }

  /**
   * Answers, by what it throws, a request that needs the database while it is away; gives whether
   * it is one for a token, which everybody gets then, and which is good for nothing.
   */
  boolean check(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String target = exchange.getRequestURI().toString();
    if (target.endsWith("/ping") || !isAway(method + " " + target)) {
      return false;
    }
    if (target.startsWith("/service/token")) {
      if (!target.contains("scope=")) {
        throw new HarborError(401, "UNAUTHORIZED", "");
      }
      return true;
    }
    boolean api = target.startsWith("/api/") && !method.equals("HEAD");
    boolean begins =
        method.equals("POST") || method.equals("PUT") && target.contains("/manifests/");
    if (api || begins) {
      throw new HarborError(500, "UNKNOWN", "internal server error");
    }
    if (target.equals("/v2/")) {
      throw new HarborError(
          401,
          "UNAUTHORIZED",
          "unauthorized: unauthorized",
          exchange.getRequestHeaders().containsKey("Authorization")
              ? "Www-Authenticate: Basic realm=\"harbor\""
              : "Www-Authenticate: Bearer realm=\"http://%s/service/token\",service=\"harbor-registry\""
                  .formatted(exchange.getRequestHeaders().getFirst("Host")));
    }
    throw new HarborError(401, "UNAUTHORIZED", REFUSED + ": " + REFUSED, "Www-Authenticate: ");
  }
}
