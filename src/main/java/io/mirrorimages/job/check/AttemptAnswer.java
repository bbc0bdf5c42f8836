package io.mirrorimages.job.check;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.image.Digest;
import io.mirrorimages.nodes.check.NodeAttempt;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of an attempt.
 *
 * @param attempt which
 * @param state what happened
 * @param digest the digest there, if it was found
 * @param text the reason in one line, if it was not
 * @param reason the kind of failure, if it failed
 * @param unanswered whether the server gave no answer at all: it can't be reached, or is silent
 */
public record AttemptAnswer(
    NodeAttempt attempt,
    AttemptState state,
    Optional<Digest> digest,
    String text,
    Optional<FailureKind> reason,
    boolean unanswered) {

  /** What can happen to an attempt. */
  public enum AttemptState {
    /** The image is there. */
    FOUND,
    /** The server does not have the image. */
    ABSENT,
    /** The server refuses: no login, a wrong one, or no right. */
    DENIED,
    /** No connection, no trust, or another error. */
    FAILED,
    /** The node can't make the attempt. */
    IMPOSSIBLE,
    /** An earlier attempt has found the image. */
    NOT_REACHED,
    /** Nothing was asked. */
    NOT_ASKED;

    /** Lower case, with hyphens. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  static AttemptAnswer of(NodeAttempt attempt, AttemptState state) {
    return new AttemptAnswer(attempt, state, Optional.empty(), "", Optional.empty(), false);
  }

  static AttemptAnswer found(NodeAttempt attempt, Digest digest) {
    return new AttemptAnswer(
        attempt, AttemptState.FOUND, Optional.of(digest), "", Optional.empty(), false);
  }

  static AttemptAnswer failed(
      NodeAttempt attempt, AttemptState state, String text, Optional<FailureKind> reason) {
    return new AttemptAnswer(attempt, state, Optional.empty(), text, reason, false);
  }

  static AttemptAnswer unanswered(NodeAttempt attempt, String text) {
    return new AttemptAnswer(
        attempt,
        AttemptState.FAILED,
        Optional.empty(),
        text,
        Optional.of(FailureKind.NETWORK),
        true);
  }
}
