package io.mirrorimages.registry.endpoint;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.SilentHost;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.limit.outage.Outages;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What each of several endpoints said, none of which had what was wanted. By one thread. */
final class FailoverErrors {
  private final String subject;
  private final List<FailedAttempt> attempts = new ArrayList<>();

  FailoverErrors(String subject) {
    this.subject = subject;
  }

  private record FailedAttempt(
      ResolvedEndpoint by, FailureKind reason, boolean passing, TransferException failure) {}

  /** Takes a failure that another endpoint may not have, the last of each; throws any other one. */
  String add(ResolvedEndpoint by, Exception failure) throws IOException {
    TransferException known = Failure.known(failure);
    attempts.removeIf(earlier -> earlier.by().hop().equals(by.hop()));
    attempts.add(new FailedAttempt(by, known.reason(), known.isTransient(), known));
    return known.getMessage();
  }

  /**
   * The failure of all of them. The registry itself has the last word on what it does not have;
   * else it may pass if any of them may.
   */
  TransferException failure() {
    if (attempts.isEmpty()) {
      return TransferException.passing(
          FailureKind.NETWORK, "no endpoint could be asked for " + subject, null, Optional.empty());
    }
    if (attempts.size() == 1) {
      return attempts.getFirst().failure();
    }
    Optional<FailedAttempt> origin =
        attempts.stream().filter(a -> a.by().endpoint().origin()).findAny();
    boolean gone = origin.filter(a -> a.reason() == FailureKind.MISSING).isPresent();
    boolean passing = !gone && attempts.stream().anyMatch(FailedAttempt::passing);
    FailureKind reason =
        passing
            ? FailureKind.NETWORK
            : origin
                .or(
                    () ->
                        attempts.stream()
                            .filter(a -> a.reason() != FailureKind.MISSING)
                            .findFirst())
                .orElse(attempts.getFirst())
                .reason();
    String message =
        "none of the "
            + attempts.size()
            + " endpoints has "
            + subject
            + ": "
            + attempts.stream()
                .map(a -> a.by() + ": " + a.failure().getMessage())
                .collect(Collectors.joining("; "));
    TransferException cause = attempts.getLast().failure();
    return passing
        ? TransferException.passing(reason, message, cause, soonest())
        : new TransferException(reason, message, cause);
  }

  /**
   * The same, after the hosts among them that did not answer were waited for, if that can help.
   *
   * @param outages the waiting for them
   */
  TransferException failureAfter(Outages outages) throws IOException {
    TransferException failure = failure();
    Set<String> silent =
        attempts.stream()
            .flatMap(a -> a.failure().silentHost().stream())
            .map(SilentHost::origin)
            .collect(Collectors.toSet());
    if (!failure.isTransient() || failure.isAfterOutage() || silent.isEmpty()) {
      return failure;
    }
    boolean others =
        attempts.stream().anyMatch(a -> a.passing() && a.failure().silentHost().isEmpty());
    return switch (outages.awaitAny(silent)) {
      case BACK -> failure.afterOutage();
      case NONE -> failure;
      case GIVEN_UP -> others ? failure : failure.lasting();
    };
  }

  /** Empty if one of them can be asked again at once. */
  private Optional<Duration> soonest() {
    List<FailedAttempt> passing = attempts.stream().filter(FailedAttempt::passing).toList();
    return passing.stream().allMatch(a -> a.failure().retryAfter().isPresent())
        ? passing.stream().map(a -> a.failure().retryAfter().orElseThrow()).min(Duration::compareTo)
        : Optional.empty();
  }
}
