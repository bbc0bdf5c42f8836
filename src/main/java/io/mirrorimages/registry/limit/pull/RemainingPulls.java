package io.mirrorimages.registry.limit.pull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.mirror.RateLimitStatus.Account;
import io.mirrorimages.mirror.RateLimitStatus.Turn;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * How many manifests a registry still gives, as far as its answers tell: these overtake each other,
 * and it shows only later which of the pulls under way they count. Thread-safe.
 */
final class RemainingPulls {
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);

  @GuardedBy("this")
  private boolean answered;

  @GuardedBy("this")
  private boolean known;

  // What may still be taken; less than is left while it is not known which pulls are counted.
  @GuardedBy("this")
  private long left;

  @GuardedBy("this")
  private long lowest;

  @GuardedBy("this")
  private int unheard;

  @GuardedBy("this")
  private long limit;

  @GuardedBy("this")
  private Duration window = Duration.ZERO;

  @GuardedBy("this")
  private int underWay;

  @GuardedBy("this")
  private long notes;

  @GuardedBy("this")
  private long made;

  @GuardedBy("this")
  private Account account = Account.UNKNOWN;

  /**
   * Takes one, if there is one; {@link #ended} follows then. What is under way will tell how many
   * are left, before anybody waits for long; so does the very first pull, before all others, unless
   * it takes long itself.
   */
  synchronized boolean tryTake() throws InterruptedException {
    long end = System.nanoTime() + FIRST_ANSWER.toNanos();
    while (underWay > 0 && !answered) {
      long more = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (more <= 0) {
        answered = true;
      } else {
        wait(more);
      }
    }
    while (underWay > 0 && known && left <= 0) {
      wait();
    }
    boolean free = !known || left > 0;
    if (free) {
      left--;
      underWay++;
      unheard++;
    }
    return free;
  }

  /** A pull has been answered, or has failed; its answer has been noted. */
  synchronized void ended() {
    answered = true;
    underWay--;
    if (underWay == 0) {
      // Until now it was not known which of those under way had been counted already. What broke
      // may have been.
      lowest -= unheard;
      unheard = 0;
      left = lowest;
    }
    notifyAll();
  }

  /** A request is sent now; what {@link #note} is to be told. */
  synchronized long sent() {
    return notes;
  }

  /** Notes what an answer tells; see {@link PullRateLimit#note}. */
  synchronized boolean note(
      long sent, int status, Function<String, Optional<String>> header, boolean pulled) {
    RateLimitHeaders told = RateLimitHeaders.of(header);
    window = told.window().orElse(window);
    limit = told.limit().orElse(limit);
    if (told.arePresent()) {
      account = told.account();
    }
    if (told.remaining().isPresent()) {
      long free = told.remaining().getAsLong() - underWay + (pulled ? 1 : 0);
      boolean overtaken = known && sent < notes;
      left = overtaken ? Math.min(left, free) : free;
      lowest =
          overtaken ? Math.min(lowest, told.remaining().getAsLong()) : told.remaining().getAsLong();
      known = true;
      notes++;
      unheard -= pulled ? 1 : 0;
    }
    if (pulled && status == 200) {
      made++;
    }
    // A limit of another kind has no such headers, and is left to the retries.
    boolean usedUp = status == 429 && pulled && told.arePresent();
    if (usedUp) {
      left = known ? Math.min(left, 0) : 0;
      lowest = 0;
      known = true;
    }
    return usedUp;
  }

  /** What is known; see {@link PullRateLimit#allowance}. */
  synchronized Optional<RateLimitStatus> allowance(String place, Turn turn) {
    return known && limit > 0
        ? Optional.of(
            new RateLimitStatus(place, turn, account, limit, window, Math.max(0, left), made))
        : Optional.empty();
  }

  /** Whether it is known how many are left. */
  synchronized boolean areKnown() {
    return known;
  }

  /** What was told is too old to hold a pull up. */
  synchronized void forget() {
    known = false;
  }

  /** After what time at most there are more; zero while no answer has told. */
  synchronized Duration window() {
    return window;
  }

  /** That none is left, in words. */
  synchronized String usedUp() {
    return "its limit of %d pulls in %s is used up".formatted(limit, inWords(window));
  }

  private static String inWords(Duration window) {
    long seconds = window.toSeconds();
    return seconds % 3600 == 0 && seconds > 0 ? seconds / 3600 + " h" : seconds + " s";
  }
}
