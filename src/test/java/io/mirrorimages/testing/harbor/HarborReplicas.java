package io.mirrorimages.testing.harbor;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Several registries on one storage that lags: what one has stored another does not see at first.
 * Counted in requests, not in time. Thread-safe.
 */
final class HarborReplicas {
  private final Map<String, Integer> unseen = new ConcurrentHashMap<>();
  private volatile int requests;

  /** How many requests for what is stored from now on do not find it. */
  void late(int number) {
    requests = number;
  }

  void stored(String digest) {
    if (requests > 0) {
      unseen.putIfAbsent(digest, requests);
    }
  }

  /** Whether a request for a blob meets a replica that does not see it. */
  boolean hide(String digest) {
    Integer left = unseen.computeIfPresent(digest, (d, n) -> n - 1);
    return left != null && left >= 0;
  }

  /** The blob that is not seen, of those that a manifest names. */
  Optional<String> hideAny(byte[] manifest) {
    String text = new String(manifest, StandardCharsets.UTF_8);
    return unseen.keySet().stream().filter(text::contains).filter(this::hide).findFirst();
  }
}
