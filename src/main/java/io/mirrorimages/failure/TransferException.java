package io.mirrorimages.failure;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure whose reason is known. The message is one line for a user: what failed and, where there
 * is something to do about it, what to do; it never holds a secret. An {@link IOException} that is
 * not of this type counts as {@link FailureKind#NETWORK} and worth another try.
 */
public final class TransferException extends IOException {
  private static final long serialVersionUID = 1L;

  private final FailureKind reason;
  private final boolean transientFailure;
  private final transient @Nullable Duration retryAfter;
  private final transient @Nullable SilentHost silentHost;
  private final boolean afterOutage;

  /** A failure that another try would not mend. */
  public TransferException(FailureKind reason, String message) {
    this(reason, message, null);
  }

  /** A failure that another try would not mend, with its cause. */
  public TransferException(FailureKind reason, String message, @Nullable Throwable cause) {
    this(reason, message, cause, false, null, null, false);
  }

  private TransferException(
      FailureKind reason,
      String message,
      @Nullable Throwable cause,
      boolean transientFailure,
      @Nullable Duration retryAfter,
      @Nullable SilentHost silentHost,
      boolean afterOutage) {
    super(message, cause);
    this.reason = reason;
    this.transientFailure = transientFailure;
    this.retryAfter = retryAfter;
    this.silentHost = silentHost;
    this.afterOutage = afterOutage;
  }

  /**
   * A failure that may pass: worth trying again, not before {@code retryAfter} if the server named
   * a time.
   */
  public static TransferException passing(
      FailureKind reason,
      String message,
      @Nullable Throwable cause,
      Optional<Duration> retryAfter) {
    return new TransferException(
        reason, message, cause, true, retryAfter.orElse(null), null, false);
  }

  /** A failure that may pass, since a host did not answer at all. */
  public static TransferException unanswered(SilentHost host, String message, Throwable cause) {
    return new TransferException(FailureKind.NETWORK, message, cause, true, null, host, false);
  }

  /** The same failure after the host was waited for, and has come back: another try is free. */
  public TransferException afterOutage() {
    return new TransferException(reason, getMessage(), this, true, null, silentHost, true);
  }

  /** The same failure, which no further try mends. */
  public TransferException lasting() {
    return new TransferException(reason, getMessage(), this, false, null, silentHost, false);
  }

  /** Why it failed. */
  public FailureKind reason() {
    return reason;
  }

  /** Whether the same request may succeed later in this run. */
  public boolean isTransient() {
    return transientFailure;
  }

  /** The host that did not answer, if that is what failed. */
  public Optional<SilentHost> silentHost() {
    return Optional.ofNullable(silentHost);
  }

  /** Whether it is one of an outage that is over; it does not count as a try. */
  public boolean isAfterOutage() {
    return afterOutage;
  }

  /** How long the server asked to be left alone. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
