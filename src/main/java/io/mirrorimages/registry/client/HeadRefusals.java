package io.mirrorimages.registry.client;

import io.mirrorimages.registry.http.Response;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Remembers that a registry refuses HEAD where GET works, so that not every request is sent twice.
 * Thread-safe.
 */
final class HeadRefusals {
  private final AtomicBoolean blobs = new AtomicBoolean();
  private final AtomicBoolean manifests = new AtomicBoolean();

  /** Whether an answer only says to ask later. */
  static boolean isLimit(Response answer) {
    return answer.status() == 429 || answer.header("Retry-After").isPresent();
  }

  /** Whether a HEAD of a blob was refused whose content could be had. */
  boolean refusesHeads() {
    return blobs.get();
  }

  /** Notes that. */
  void headWasRefused() {
    blobs.set(true);
  }

  /** Whether all tries of a HEAD of a manifest failed before: one is enough then. */
  boolean spentTries() {
    return manifests.get();
  }

  /** Notes that. */
  void triesAreSpent() {
    manifests.set(true);
  }
}
