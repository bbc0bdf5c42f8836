package io.mirrorimages.cli.command.check;

import io.mirrorimages.job.check.AttemptAnswer.AttemptState;
import io.mirrorimages.job.check.CheckedImage;

/**
 * What becomes of an image at one reader, in words; they and their meanings stand in a document.
 */
public enum ImageVerdict {
  /** Found; nothing says which digest it should have. */
  FOUND("found", "an attempt finds the image; no digest of it is known to compare"),
  /** Found as it should be. */
  AS_EXPECTED("found, with the expected digest", "it has the digest of the archive or list"),
  /** Found with another digest. */
  OTHER_DIGEST(
      "found with another digest than expected", "an image of this name, but not that one"),
  /** No mirror has it. */
  NOT_FOUND(
      "NOT FOUND",
      "a mirror (without one, the registry itself) does not have it, or no attempt can be made"),
  /** The mirrors refuse. */
  DENIED("DENIED", "none says that it lacks it; one refuses: no login, a wrong one, or no right"),
  /** The mirrors can't be asked. */
  FAILED("FAILED", "none answers at all: no connection, no trust, no registry, or an error"),
  /** Nothing was asked. */
  NOT_ASKED("not asked", "with --offline: only the addresses are shown");

  private final String words;
  private final String meaning;

  ImageVerdict(String words, String meaning) {
    this.words = words;
    this.meaning = meaning;
  }

  static ImageVerdict of(CheckedImage image) {
    return switch (image.outcome()) {
      case FOUND -> image.expected().isPresent() ? AS_EXPECTED : FOUND;
      case OTHER_DIGEST -> OTHER_DIGEST;
      case NOT_FOUND -> failure(image);
      case RESOLVED -> NOT_ASKED;
    };
  }

  /** Why no attempt finds it, as far as the servers tell. */
  private static ImageVerdict failure(CheckedImage image) {
    if (hasAnswer(image, AttemptState.ABSENT)) {
      return NOT_FOUND;
    }
    if (hasAnswer(image, AttemptState.DENIED)) {
      return DENIED;
    }
    return hasAnswer(image, AttemptState.FAILED) ? FAILED : NOT_FOUND;
  }

  /** Whether one of the mirrors answers so; where there are none, the registry itself. */
  private static boolean hasAnswer(CheckedImage image, AttemptState state) {
    boolean mirrored =
        image.answers().stream()
            .anyMatch(a -> !a.attempt().isDefault() && a.state() != AttemptState.IMPOSSIBLE);
    return image.answers().stream()
        .anyMatch(a -> a.state() == state && !(mirrored && a.attempt().isDefault()));
  }

  /** As it is printed. */
  public String words() {
    return words;
  }

  /** What it means, as the documents say it. */
  public String meaning() {
    return meaning;
  }
}
