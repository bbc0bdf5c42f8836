package io.mirrorimages.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Makes a {@link FaultyRegistry} count manifests as Docker Hub does: so many GETs in a window that
 * begins with the first of them; every answer about a manifest says how many remain, and beyond
 * them there is 429. A HEAD costs nothing.
 */
public final class PullLimit {
  private final FaultyRegistry registry;
  private final int limit;
  private final Duration window;
  private long began;
  private int pulled;
  private int refused;
  private String source = "";

  private PullLimit(FaultyRegistry registry, int limit, Duration window) {
    this.registry = registry;
    this.limit = limit;
    this.window = window;
  }

  /** Limits the manifests of {@code registry}. */
  public static PullLimit of(FaultyRegistry registry, int limit, Duration window) {
    PullLimit pulls = new PullLimit(registry, limit, window);
    registry.on("*", "/manifests/", pulls::answer);
    return pulls;
  }

  /** From now on answers say for whom it counts. */
  public synchronized PullLimit countingFor(String account) {
    source = account;
    return this;
  }

  /** Begins a new window, whatever is left of the old one. */
  public synchronized void renew() {
    pulled = 0;
  }

  /** How many pulls were counted in the window that has begun last. */
  public synchronized int pulled() {
    return pulled;
  }

  /** How many pulls came when nothing remained. */
  public synchronized int refused() {
    return refused;
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean pull = exchange.getRequestMethod().equals("GET");
    boolean refuse;
    int remaining;
    String account;
    synchronized (this) {
      if (pulled > 0 && System.nanoTime() - began >= window.toNanos()) {
        pulled = 0;
      }
      refuse = pull && pulled == limit;
      if (refuse) {
        refused++;
      } else if (pull && pulled++ == 0) {
        began = System.nanoTime();
      }
      remaining = limit - pulled;
      account = source;
    }
    String w = ";w=" + window.toSeconds();
    exchange.getResponseHeaders().add("ratelimit-limit", limit + w);
    exchange.getResponseHeaders().add("ratelimit-remaining", remaining + w);
    if (!account.isEmpty()) {
      exchange.getResponseHeaders().add("docker-ratelimit-source", account);
    }
    if (refuse) {
      FaultyRegistry.respond(
          exchange,
          429,
          "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\"}]}".getBytes(StandardCharsets.US_ASCII));
    } else {
      registry.properly(exchange);
    }
  }
}
