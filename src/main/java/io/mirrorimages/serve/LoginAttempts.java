package io.mirrorimages.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * How many passwords are tried at once, and whose turn it is: the client's whose last turn is
 * longest ago, and of those who never had one, and of one client's, the newest. So whoever comes
 * while hundreds of wrong ones wait is next, whether these are of one client or of many. Clients
 * that had a turn are remembered up to a number. Thread-safe.
 */
final class LoginAttempts {
  private static final int MOST_REMEMBERED = 10_000;

  private final int atOnce;

  @GuardedBy("this")
  private final List<QueuedLogin> waiting = new ArrayList<>();

  private final Map<String, Long> turns =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  @GuardedBy("this")
  private int running;

  @GuardedBy("this")
  private long clock;

  LoginAttempts(int atOnce) {
    this.atOnce = atOnce;
  }

  private record QueuedLogin(String client, long since) {}

  /**
   * Tries it when it is this client's turn; not at all if the answer is known before, or the thread
   * is interrupted.
   *
   * @param known looked at again whenever something may have become known
   */
  boolean inTurn(String client, BooleanSupplier known, BooleanSupplier attempt) {
    try {
      if (await(client, known)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    try {
      return attempt.getAsBoolean();
    } finally {
      ended();
    }
  }

  /** Waits for a turn; true if none is needed any more. */
  @SuppressWarnings("ReferenceEquality") // Each waiting thread has one of its own.
  private synchronized boolean await(String client, BooleanSupplier known)
      throws InterruptedException {
    QueuedLogin own = new QueuedLogin(client, ++clock);
    waiting.add(own);
    try {
      while (true) {
        if (known.getAsBoolean()) {
          return true;
        }
        if (running < atOnce && next() == own) {
          running++;
          turns.remove(client);
          turns.put(client, ++clock);
          return false;
        }
        wait();
      }
    } finally {
      waiting.remove(own);
      notifyAll();
    }
  }

  @GuardedBy("this")
  private QueuedLogin next() {
    return waiting.stream()
        .min(
            Comparator.comparingLong((QueuedLogin w) -> turns.getOrDefault(w.client, 0L))
                .thenComparing(Comparator.comparingLong(QueuedLogin::since).reversed()))
        .orElseThrow();
  }

  private synchronized void ended() {
    running--;
    notifyAll();
  }
}
