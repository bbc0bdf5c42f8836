package io.mirrorimages.registry;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What every request to one host passes: its budget, and a pause for all when the host is in
 * trouble. A host that answers 429 or 5xx, or does not answer, several times in a row is left alone
 * for a while by all workers together, then tried by one or two of them. Passing the gate means
 * waiting, never failing; how often a request comes back is the retries' business. Thread-safe.
 */
final class HostGate {
  private static final int OBSERVED = 8;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final Bulkhead bulkhead;
  private final Optional<RateLimiter> requests;
  private final CircuitBreaker breaker;

  HostGate(HostBudget budget) {
    this(budget, FIRST_PAUSE);
  }

  /** A gate whose first pause is {@code firstPause}; it doubles up to a minute. */
  HostGate(HostBudget budget, Duration firstPause) {
    this.bulkhead =
        Bulkhead.of(
            budget.registry(),
            BulkheadConfig.custom()
                .maxConcurrentCalls(budget.concurrency())
                .maxWaitDuration(FOR_EVER)
                .build());
    this.requests =
        budget
            .requests()
            .map(
                rate ->
                    RateLimiter.of(
                        budget.registry(),
                        RateLimiterConfig.custom()
                            .limitForPeriod(rate.count())
                            .limitRefreshPeriod(rate.time())
                            .timeoutDuration(FOR_EVER)
                            .build()));
    this.breaker =
        CircuitBreaker.of(
            budget.registry(),
            CircuitBreakerConfig.custom()
                .slidingWindow(OBSERVED, OBSERVED / 2, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(75)
                .waitIntervalFunctionInOpenState(
                    IntervalFunction.ofExponentialRandomBackoff(
                        firstPause, 2.0, 0.3, LONGEST_PAUSE))
                .permittedNumberOfCallsInHalfOpenState(2)
                .writableStackTraceEnabled(false)
                .build());
  }

  /** Waits for a place. The caller says how it went, and gives the place back. */
  Place enter() throws InterruptedIOException {
    if (!bulkhead.tryAcquirePermission()) {
      throw interrupted();
    }
    boolean entered = false;
    try {
      if (requests.isPresent() && !requests.get().acquirePermission()) {
        throw interrupted();
      }
      while (!breaker.tryAcquirePermission()) {
        Thread.sleep(LOOK);
      }
      entered = true;
      return new Place();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    } finally {
      if (!entered) {
        bulkhead.releasePermission();
      }
    }
  }

  private static InterruptedIOException interrupted() {
    return new InterruptedIOException("interrupted while waiting for a place");
  }

  /** Lets all wait as long as the host asks, up to a minute. */
  private synchronized void pause(Duration wished) {
    if (breaker.getState() != State.OPEN && wished.isPositive()) {
      breaker.transitionToOpenStateFor(
          wished.compareTo(LONGEST_PAUSE) < 0 ? wished : LONGEST_PAUSE);
    }
  }

  /** One request's place, for one thread; judged once, left once. */
  final class Place {
    private boolean judged;

    private Place() {}

    /** The host is well. */
    void well() {
      if (judge()) {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      }
    }

    /** The host is in trouble, and may have said how long it wants to be left alone. */
    void troubled(Optional<Duration> retryAfter) {
      if (judge()) {
        breaker.onError(0, TimeUnit.NANOSECONDS, new java.io.IOException("host in trouble"));
        retryAfter.ifPresent(HostGate.this::pause);
      }
    }

    /** Gives the place back. Without a judgement nothing is concluded about the host. */
    void leave() {
      if (judge()) {
        breaker.releasePermission();
      }
      bulkhead.onComplete();
    }

    private boolean judge() {
      boolean first = !judged;
      judged = true;
      return first;
    }
  }
}
