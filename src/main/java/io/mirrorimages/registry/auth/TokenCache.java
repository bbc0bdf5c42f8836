package io.mirrorimages.registry.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one host, by what they allow. Of several threads that need the same token one asks
 * for it and the others wait. The least used are forgotten beyond a thousand. Thread-safe.
 */
final class TokenCache {
  private static final int MOST = 1000;

  private final InstantSource clock;
  private final Map<Access, Slot> slots =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Access, Slot> eldest) {
          return size() > MOST;
        }
      };

  TokenCache(InstantSource clock) {
    this.clock = clock;
  }

  /** Asks a token service. */
  interface Fetch {
    Token run() throws IOException;
  }

  /** A token that is still good, and is not the {@code rejected} one, from the cache or fetched. */
  Token get(Access access, Optional<String> rejected, Fetch fetch) throws IOException {
    Slot slot = slot(access);
    slot.lock.lock();
    try {
      Token token = slot.token;
      if (token == null
          || !clock.instant().isBefore(token.renewAt())
          || rejected.equals(Optional.of(token.value()))) {
        token = fetch.run();
        slot.token = token;
      }
      return token;
    } finally {
      slot.lock.unlock();
    }
  }

  /** Drops tokens; a request under way for one still succeeds. */
  void forget(Predicate<Access> which) {
    synchronized (slots) {
      slots.keySet().removeIf(which);
    }
  }

  private Slot slot(Access access) {
    synchronized (slots) {
      return slots.computeIfAbsent(access, key -> new Slot());
    }
  }

  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Token token;
  }
}
