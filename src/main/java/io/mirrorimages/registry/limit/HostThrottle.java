package io.mirrorimages.registry.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.registry.limit.time.SlidingWindowLimiter;
import io.mirrorimages.registry.limit.time.ThrottledException;
import io.mirrorimages.registry.limit.time.Timer;
import io.mirrorimages.registry.limit.time.WaitNotices;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What every request to one host passes: its budget, and a pause for all when the host is in
 * trouble. A host that answers 429, or several times in a row 5xx, rests for a while: no worker
 * sends a request, then one or two try it. Each wave of 429 and 5xx halves the number of concurrent
 * requests. Passing the gate means waiting, never failing; how often a request comes back is the
 * retries' business. Thread-safe.
 */
public final class HostThrottle {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int OBSERVED = 8;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final Duration WORTH_TELLING = Duration.ofSeconds(5);
  private static final Duration LATER = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final ConcurrencyLimiter places;
  private final Optional<SlidingWindowLimiter> requests;
  private final CircuitBreaker breaker;
  private final Timer timer;
  private final Duration firstPause;
  private final WaitNotices notices;
  private final String usedUp;
  private volatile Rest rest = new Rest("", 0);

  @GuardedBy("this")
  private OptionalLong toldUntil = OptionalLong.empty();

  HostThrottle(HostBudget budget, Timer timer, WaitNotices notices) {
    this(budget, timer, notices, FIRST_PAUSE);
  }

  /** A gate whose first pause is {@code firstPause}; it doubles up to a minute. */
  HostThrottle(HostBudget budget, Timer timer, WaitNotices notices, Duration firstPause) {
    this.timer = timer;
    this.firstPause = firstPause;
    this.notices = notices;
    this.usedUp = "the limit " + budget.requestsText() + " is used up";
    IntervalFunction pauses =
        IntervalFunction.ofExponentialRandomBackoff(firstPause, 2.0, 0.3, LONGEST_PAUSE);
    this.places = new ConcurrencyLimiter(budget.concurrency());
    this.requests =
        budget
            .requests()
            .map(rate -> new SlidingWindowLimiter(rate, timer, wait -> notices.tell(usedUp, wait)));
    this.breaker =
        CircuitBreaker.of(
            budget.registry(),
            CircuitBreakerConfig.custom()
                .clock(timer.asClock())
                .slidingWindow(OBSERVED, OBSERVED / 2, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(75)
                .waitIntervalFunctionInOpenState(
                    opened -> {
                      long millis = pauses.apply(opened);
                      rest = new Rest("it answers with errors, and is left alone", end(millis));
                      return millis;
                    })
                .permittedNumberOfCallsInHalfOpenState(2)
                .writableStackTraceEnabled(false)
                .build());
  }

  /** Why the host is left alone, and until when. */
  private record Rest(String cause, long end) {}

  /**
   * Waits for a place. The caller says how it went, and gives the place back.
   *
   * @throws ThrottledException if one of the waits on the way would be longer than {@code patience}
   */
  Permit enter(Duration patience) throws IOException {
    return enter(patience, patience.compareTo(Timer.FOREVER) >= 0);
  }

  /**
   * As {@link #enter(Duration)}.
   *
   * @param alone whether no other endpoint can serve the request, so that the user sees the wait
   */
  Permit enter(Duration patience, boolean alone) throws IOException {
    int halvings = takePermit(patience);
    boolean entered = false;
    try {
      // Before a request is counted that is not sent.
      checkPause(patience);
      takeRequest(patience);
      awaitPermission(patience);
      entered = true;
      return new Permit(halvings, alone);
    } finally {
      if (!entered) {
        places.leave();
      }
    }
  }

  /** While the host is tried again by one or two, the others wait for what comes of it. */
  private void awaitPermission(Duration patience) throws IOException {
    long began = timer.nanos();
    while (!breaker.tryAcquirePermission()) {
      checkPause(patience);
      if (timer.nanos() - began > patience.toNanos()) {
        throw new ThrottledException("it is being tried again", LATER, () -> {});
      }
      timer.sleep(LOOK);
    }
  }

  private void takeRequest(Duration patience) throws IOException {
    if (requests.isPresent()) {
      Duration wait = requests.get().take(patience);
      if (wait.isPositive()) {
        throw new ThrottledException(usedUp, wait, () -> notices.tell(usedUp, wait));
      }
    }
  }

  private void checkPause(Duration patience) throws ThrottledException {
    Rest now = rest;
    Duration left = Duration.ofNanos(now.end - timer.nanos());
    if (breaker.getState() == State.OPEN && left.compareTo(patience) > 0) {
      throw new ThrottledException(now.cause, left, this::tellOfRest);
    }
  }

  private int takePermit(Duration patience) throws IOException {
    try {
      return places
          .take(patience)
          .orElseThrow(
              () ->
                  new ThrottledException(
                      "it has all the requests at once that it may have", LATER, () -> {}));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a place");
    }
  }

  /** Lets all wait. */
  private synchronized void pause(Duration wished, String cause) {
    Rest longer = new Rest(cause, end(wished.toMillis()));
    if (wished.isPositive() && (breaker.getState() != State.OPEN || longer.end - rest.end > 0)) {
      rest = longer;
      breaker.transitionToOpenStateFor(wished);
    }
  }

  private long end(long millis) {
    return timer.nanos() + Duration.ofMillis(millis).toNanos();
  }

  /** Says it once, however many refusals make up one rest. */
  private synchronized void tellOfRest() {
    Rest now = rest;
    Duration left = Duration.ofNanos(now.end - timer.nanos());
    boolean told =
        toldUntil.isPresent() && now.end - toldUntil.getAsLong() < WORTH_TELLING.toNanos();
    if (left.compareTo(WORTH_TELLING) >= 0 && !told) {
      toldUntil = OptionalLong.of(now.end);
      notices.tell(now.cause, left);
    }
  }

  /** One request's place, for one thread; judged once, left once. */
  public final class Permit {
    private final int halvings;
    private final boolean alone;
    private boolean judged;

    /**
     * @param alone whether no other endpoint can serve the request, so that the user sees the wait
     */
    private Permit(int halvings, boolean alone) {
      this.halvings = halvings;
      this.alone = alone;
    }

    /** Records a success of the host. */
    public void well() {
      if (judge()) {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        places.well();
      }
    }

    /**
     * The host answered 429 or 5xx, and may have said how long it wants to be left alone. After a
     * 429 it is, in any case. A time that is out of reason is none: the request fails with it, and
     * the others are to find out for themselves.
     */
    public void refused(int status, Optional<Duration> retryAfter) {
      if (judge()) {
        places.overloaded(halvings);
        Optional<Duration> wished =
            retryAfter.filter(time -> time.compareTo(Retries.LONGEST_ASKED) <= 0);
        if (wished.isPresent() || status == TOO_MANY_REQUESTS) {
          pause(wished.orElse(firstPause), "it asks to be left alone (status " + status + ")");
        }
        // After that: a rest that is one already is not begun, and told of, again.
        trouble();
        if (alone) {
          tellOfRest();
        }
      }
    }

    private void trouble() {
      breaker.onError(0, TimeUnit.NANOSECONDS, new IOException("host in trouble"));
    }

    /** Gives the place back. Without a judgement nothing is concluded about the host. */
    public void leave() {
      if (judge()) {
        breaker.releasePermission();
      }
      places.leave();
    }

    private boolean judge() {
      boolean first = !judged;
      judged = true;
      return first;
    }
  }
}
