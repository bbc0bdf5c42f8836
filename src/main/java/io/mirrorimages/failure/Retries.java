package io.mirrorimages.failure;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How often and how patiently something is tried again: full-jitter exponential back-off from one
 * second on, never before the time a server asked for. Immutable and thread-safe.
 */
public final class Retries {
  /** What a server may ask to be left alone for: as long as the longest known window of pulls. */
  public static final Duration LONGEST_ASKED = Duration.ofHours(6);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private static final ScopedValue<Integer> CURRENT = ScopedValue.newInstance();

  private final Retry policy;
  private final Consumer<Pause> listener;

  /**
   * A policy.
   *
   * @param retries how many further tries follow a failed first one, 0 or more
   * @param longestWait the longest wait before a try, but for what a server asks for: that is
   *     waited for up to {@link #LONGEST_ASKED}, or this if it is longer; more ends the tries
   */
  public Retries(int retries, Duration longestWait) {
    this.listener = pause -> {};
    long ceiling = Math.max(1, longestWait.toMillis());
    this.policy =
        Retry.of(
            "",
            RetryConfig.custom()
                .maxAttempts(retries + 1)
                .retryOnException(e -> isWorthAnotherTry(e, longestWait))
                .intervalBiFunction(
                    (attempt, outcome) ->
                        waitBefore(attempt, ceiling, outcome.fold(e -> e, r -> null)))
                .build());
  }

  private Retries(RetryConfig config, Consumer<Pause> listener) {
    this.listener = listener;
    this.policy = Retry.of("", config);
    policy
        .getEventPublisher()
        .onRetry(
            event ->
                listener.accept(
                    new Pause(
                        event.getNumberOfRetryAttempts(),
                        event.getWaitInterval(),
                        event.getLastThrowable())));
  }

  /**
   * A failed try, after which there is a pause and the next one.
   *
   * @param retry the number of the next try's retry, from 1 on
   * @param time how long the pause is
   * @param cause what failed
   */
  public record Pause(int retry, Duration time, Throwable cause) {}

  /** The same policy, which reports each pause also to {@code other} when it begins. */
  public Retries reporting(Consumer<Pause> other) {
    return new Retries(policy.getRetryConfig(), listener.andThen(other));
  }

  /** Which retry this thread makes: 0 in a first try, and outside of all. */
  public static int current() {
    return CURRENT.orElse(0);
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
      } catch (TransferException e) {
        if (!e.isAfterOutage()) {
          throw e;
        }
      }
    }
  }

  private <T> T tries(Attempt<T> attempt) throws IOException {
    int[] tries = {0};
    try {
      return policy.executeCheckedSupplier(() -> run(attempt, tries[0]++));
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A first try keeps the number that it may have as part of a retry. */
  private static <T> T run(Attempt<T> attempt, int retry) throws IOException {
    return retry == 0 ? attempt.run() : ScopedValue.where(CURRENT, retry).call(() -> attempt.run());
  }

  /**
   * As {@link #call}, where the first try was made by the caller and failed: for what is done very
   * often, and hardly ever fails.
   */
  public <T> T callAfter(IOException failure, Attempt<T> attempt) throws IOException {
    AtomicReference<@Nullable IOException> first = new AtomicReference<>(failure);
    return call(
        () -> {
          IOException failed = first.getAndSet(null);
          if (failed != null) {
            throw failed;
          }
          return attempt.run();
        });
  }

  /**
   * The failure to throw when all attempts are spent, marked so that no caller retries it again; an
   * interruption stays one.
   */
  public static IOException spent(IOException failure) {
    if (failure instanceof InterruptedIOException && !isTransient(failure)) {
      return failure;
    }
    Failure known = Failure.of(failure);
    return new TransferException(known.reason(), known.message(), failure);
  }

  /**
   * Whether a failure may pass: a transient {@link TransferException}, or an {@link IOException} of
   * unknown reason. Not a {@link MissingContentException}: that wants more than another try.
   */
  public static boolean isTransient(Throwable failure) {
    if (failure instanceof TransferException e) {
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
        && !(failure instanceof TransferException e && e.isAfterOutage())
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
    return failure instanceof TransferException e ? e.retryAfter() : Optional.empty();
  }
}
