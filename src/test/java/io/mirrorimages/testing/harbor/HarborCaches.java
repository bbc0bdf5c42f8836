package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the proxy caches of a Harbor have fetched, and how they name things. Thread-safe. */
final class HarborCaches {
  private final Set<String> blobs = ConcurrentHashMap.newKeySet();

  boolean has(String blob) {
    return blobs.contains(blob);
  }

  void add(String blob) {
    blobs.add(blob);
  }

  /** Docker Hub's short names are sent on to the full ones, {@code library/} and all. */
  boolean redirects(HttpExchange exchange, String repository) throws IOException {
    int slash = repository.indexOf('/');
    if (repository.indexOf('/', slash + 1) >= 0) {
      return false;
    }
    String target = exchange.getRequestURI().toString();
    String full = target.replaceFirst("^(/v2/[^/]+/)", "$1library/");
    FaultyRegistry.respond(exchange, 301, new byte[0], "Location: " + full);
    return true;
  }
}
