package io.mirrorimages.failure;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and how patiently something is tried again: full-jitter exponential back-off from one
 * second on, never before the time a server asked for. Immutable and thread-safe.
 */
public final class Retries {
  /** What a server may ask to be left alone for: as long as the longest known window of pulls. */
  public static final Duration LONGEST_ASKED = Duration.ofHours(6);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private final RetryConfig config;

  /**
   * A policy.
   *
   * @param retries how many further tries follow a failed first one, 0 or more
   * @param longestWait the longest wait before a try, but for what a server asks for: that is
   *     waited for up to {@link #LONGEST_ASKED}, or this if it is longer; more ends the tries
   */
  public Retries(int retries, Duration longestWait) {
    long ceiling = Math.max(1, longestWait.toMillis());
    this.config =
        RetryConfig.custom()
            .maxAttempts(retries + 1)
            .retryOnException(e -> isWorthAnotherTry(e, longestWait))
            .intervalBiFunction(
                (attempt, outcome) -> waitBefore(attempt, ceiling, outcome.fold(e -> e, r -> null)))
            .build();
  }

  /** Something that can fail and be done again from its start. */
  @FunctionalInterface
  public interface Attempt<T> {
    /** Does it once. */
    T run() throws IOException;
  }

  /**
   * Runs {@code attempt} until it succeeds, fails for good, or the tries are used up; then throws
   * its last failure. An outage that is over costs no try.
   */
  public <T> T call(Attempt<T> attempt) throws IOException {
    while (true) {
      try {
        return tries(attempt);
      } catch (MirrorException e) {
        if (!e.isAfterOutage()) {
          throw e;
        }
      }
    }
  }

  private <T> T tries(Attempt<T> attempt) throws IOException {
    try {
      return Retry.of("", config).executeCheckedSupplier(attempt::run);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The failure to be thrown when all tries are spent, so that nobody above begins with them anew;
   * an interruption stays one.
   */
  public static IOException spent(IOException failure) {
    if (failure instanceof InterruptedIOException && !isTransient(failure)) {
      return failure;
    }
    Failure known = Failure.of(failure);
    return new MirrorException(known.reason(), known.message(), failure);
  }

  /**
   * Whether a failure may pass: a transient {@link MirrorException}, or an {@link IOException} of
   * unknown reason. Not a {@link MissingContentException}: that wants more than another try.
   */
  public static boolean isTransient(Throwable failure) {
    if (failure instanceof MirrorException e) {
      return e.isTransient();
    }
    boolean interrupted =
        failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException);
    return failure instanceof IOException
        && !interrupted
        && !(failure instanceof MissingContentException);
  }

  private static boolean isWorthAnotherTry(Throwable failure, Duration longestWait) {
    return isTransient(failure)
        && !(failure instanceof MirrorException e && e.isAfterOutage())
        && retryAfter(failure).orElse(Duration.ZERO).compareTo(longest(longestWait)) <= 0;
  }

  private static Duration longest(Duration wait) {
    return wait.compareTo(LONGEST_ASKED) > 0 ? wait : LONGEST_ASKED;
  }

  private static long waitBefore(int attempt, long ceiling, Throwable failure) {
    long exponential = FIRST_WAIT.toMillis() << Math.min(attempt - 1, 20);
    long jittered = ThreadLocalRandom.current().nextLong(Math.min(exponential, ceiling) + 1);
    return Math.max(retryAfter(failure).orElse(Duration.ZERO).toMillis(), jittered);
  }

  private static Optional<Duration> retryAfter(Throwable failure) {
    return failure instanceof MirrorException e ? e.retryAfter() : Optional.empty();
  }
}
