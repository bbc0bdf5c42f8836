package io.mirrorimages.job.check;

import io.mirrorimages.image.Digest;
import io.mirrorimages.nodes.check.Resolution;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a reader gets for an image.
 *
 * @param resolution the image and its attempts
 * @param answers of each attempt, in the same order
 * @param expected the digest that the archive or the list has, if known
 */
public record CheckedImage(
    Resolution resolution, List<AttemptAnswer> answers, Optional<Digest> expected) {
  /** Copies the list. */
  public CheckedImage {
    answers = List.copyOf(answers);
  }

  /** How it ends. */
  public enum CheckOutcome {
    /** Found, with the expected digest if one is. */
    FOUND,
    /** Found, with another digest than expected. */
    OTHER_DIGEST,
    /** No attempt finds it. */
    NOT_FOUND,
    /** Nothing was asked. */
    RESOLVED;

    /** Lower case, with hyphens. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Nothing was asked. */
  public static CheckedImage offline(Resolution resolution) {
    return new CheckedImage(
        resolution,
        resolution.attempts().stream()
            .map(
                attempt ->
                    attempt
                        .refusal()
                        .filter(why -> !attempt.isOfNode())
                        .map(
                            why ->
                                AttemptAnswer.failed(
                                    attempt,
                                    AttemptAnswer.AttemptState.IMPOSSIBLE,
                                    why,
                                    Optional.empty()))
                        .orElse(AttemptAnswer.of(attempt, AttemptAnswer.AttemptState.NOT_ASKED)))
            .toList(),
        Optional.empty());
  }

  /** The attempt that found it. */
  public Optional<AttemptAnswer> found() {
    return answers.stream().filter(a -> a.state() == AttemptAnswer.AttemptState.FOUND).findFirst();
  }

  /** How it ends. */
  public CheckOutcome outcome() {
    Optional<AttemptAnswer> found = found();
    if (found.isPresent()) {
      boolean other = expected.isPresent() && !found.get().digest().equals(expected);
      return other ? CheckOutcome.OTHER_DIGEST : CheckOutcome.FOUND;
    }
    return answers.stream().anyMatch(a -> a.state() == AttemptAnswer.AttemptState.NOT_ASKED)
        ? CheckOutcome.RESOLVED
        : CheckOutcome.NOT_FOUND;
  }

  /** Whether nothing is wrong, as far as was asked. */
  public boolean isGood() {
    return outcome() == CheckOutcome.FOUND || outcome() == CheckOutcome.RESOLVED;
  }
}
