package io.mirrorimages.registry.endpoint;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether an endpoint that others can stand in for is worth asking first. After two failures in a
 * row it comes last for a while, from five seconds on, doubling up to a minute; then one request
 * finds out. Thread-safe.
 */
final class EndpointHealth {
  private static final Duration FIRST_REST = Duration.ofSeconds(5);
  private static final Duration LONGEST_REST = Duration.ofMinutes(1);
  private static final int FAILURES = 2;

  private final CircuitBreaker breaker;
  private volatile long restUntil;

  EndpointHealth(String endpoint) {
    this(endpoint, FIRST_REST);
  }

  EndpointHealth(String endpoint, Duration firstRest) {
    IntervalFunction rests =
        IntervalFunction.ofExponentialRandomBackoff(firstRest, 2.0, 0.3, LONGEST_REST);
    this.breaker =
        CircuitBreaker.of(
            endpoint,
            CircuitBreakerConfig.custom()
                .slidingWindow(FAILURES, FAILURES, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(100)
                .waitIntervalFunctionInOpenState(
                    opened -> {
                      long millis = rests.apply(opened);
                      restUntil = System.nanoTime() + Duration.ofMillis(millis).toNanos();
                      return millis;
                    })
                .permittedNumberOfCallsInHalfOpenState(1)
                .writableStackTraceEnabled(false)
                .build());
  }

  /** Whether it is to be asked now; if so, one of the three below is to follow. */
  boolean mayAsk() {
    return breaker.tryAcquirePermission();
  }

  /** How long it rests; zero if it is healthy. */
  Duration rest() {
    long rest = restUntil - System.nanoTime();
    return breaker.getState() == State.OPEN && rest > 0 ? Duration.ofNanos(rest) : Duration.ZERO;
  }

  /** It answered as a registry does, whatever it was. */
  void well() {
    breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    if (breaker.getState() == State.OPEN) {
      // Asked out of its turn, since no other could help.
      breaker.transitionToClosedState();
    }
  }

  /** It did not answer as it should, and may have said how long it wants to be left alone. */
  void troubled(Optional<Duration> retryAfter) {
    if (retryAfter.filter(Duration::isPositive).isPresent()) {
      Duration rest =
          retryAfter.get().compareTo(LONGEST_REST) < 0 ? retryAfter.get() : LONGEST_REST;
      restUntil = System.nanoTime() + rest.toNanos();
      breaker.transitionToOpenStateFor(rest);
    } else {
      breaker.onError(0, TimeUnit.NANOSECONDS, new IOException("endpoint in trouble"));
    }
  }

  /** What it had begun to send did not end well: that it began was no success after all. */
  void brokeOff() {
    for (int i = 0; i < FAILURES; i++) {
      troubled(Optional.empty());
    }
  }

  /** Nothing was found out. */
  void unknown() {
    breaker.releasePermission();
  }
}
