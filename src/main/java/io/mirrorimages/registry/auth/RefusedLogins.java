package io.mirrorimages.registry.auth;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logins that one host refused, as against accesses that a login does not allow. None is sent
 * again: each further attempt counts, and locks the user out in the end. Requests in flight when
 * the first one is refused still count. Thread-safe.
 */
final class RefusedLogins {
  private final Map<Credential, TransferException> refusals = new ConcurrentHashMap<>();

  /** Asks the host whether it takes a login at all. */
  interface Probe {
    /**
     * Whether it does, or that can't be told.
     *
     * @throws IOException if that can't be told either
     */
    boolean isAccepted() throws IOException;
  }

  /** Throws the refusal of a login that was refused before. */
  void check(Credential credential) throws TransferException {
    TransferException before = refusals.get(credential);
    if (before != null) {
      throw new TransferException(before.reason(), before.getMessage(), before);
    }
  }

  /**
   * Finds out by {@code probe} whether a refused access means that the login is refused, and
   * remembers that. Of several threads one asks, and the others wait.
   *
   * @return whether it is
   * @throws TransferException the refusal, if it was known before
   */
  synchronized boolean isRefused(Credential credential, TransferException refusal, Probe probe)
      throws IOException {
    check(credential);
    if (probe.isAccepted()) {
      return false;
    }
    refusals.put(credential, refusal);
    return true;
  }
}
