package io.mirrorimages.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;

/**
 * How many answers are on their way to each client address. None gets more than its share, so that
 * an address with thousands of slow readers does not take the places of all others. Thread-safe.
 */
final class ClientShares {
  private final int most;

  @GuardedBy("this")
  private final Map<String, Integer> answers = new HashMap<>();

  /**
   * @param most how many answers one address may have on their way at once; 1 or more
   */
  ClientShares(int most) {
    this.most = most;
  }

  /** Takes a place for an answer, which {@link #leave} gives back; false if there is none. */
  synchronized boolean enter(String address) {
    boolean free = answers.getOrDefault(address, 0) < most;
    if (free) {
      answers.merge(address, 1, Integer::sum);
    }
    return free;
  }

  /** An answer that had a place has ended. */
  synchronized void leave(String address) {
    answers.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
  }
}
