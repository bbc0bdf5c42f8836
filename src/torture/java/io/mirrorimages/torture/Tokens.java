package io.mirrorimages.torture;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small token service. It may promise a longer life than its tokens have, and forget all of them.
 * Thread-safe.
 */
final class Tokens {
  private final Map<String, Long> ends = new HashMap<>();
  private final AtomicInteger made = new AtomicInteger();
  private final long promised;
  private long life;

  /**
   * A service.
   *
   * @param life how long tokens are good
   * @param promisedSeconds how long they are said to be
   */
  Tokens(Duration life, long promisedSeconds) {
    this.life = life.toNanos();
    this.promised = promisedSeconds;
  }

  /** The answer's body with a new token. */
  synchronized String issue() {
    String token = Tool.SECRET + "-token-" + made.incrementAndGet();
    ends.put(token, System.nanoTime() + life);
    return "{\"token\":\"" + token + "\",\"expires_in\":" + promised + "}";
  }

  /** Whether an Authorization is good now. */
  synchronized boolean allow(String authorization) {
    Long end = ends.get(authorization.replaceFirst("^Bearer ", ""));
    return end != null && System.nanoTime() < end;
  }

  /** All tokens are bad from now on. */
  synchronized void forget() {
    ends.clear();
  }

  /** From now on tokens live as long as they are said to. */
  synchronized void calm() {
    life = Duration.ofSeconds(promised).toNanos();
  }
}
