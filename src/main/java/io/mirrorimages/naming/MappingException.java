package io.mirrorimages.naming;

import java.util.Objects;

/**
 * A mapping that gives an image no usable name at the target. The message names the image and what
 * the mapping makes of it, in one line; what to change depends on the {@link #problem}.
 */
public final class MappingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Problem problem;

  /** What is wrong with a name. */
  public enum Problem {
    /** It is no repository path. */
    INVALID_NAME,
    /** It is longer than registries take. */
    NAME_TOO_LONG,
    /** Two images would get it. */
    COLLISION
  }

  MappingException(Problem problem, String message) {
    super(message);
    this.problem = problem;
  }

  /** What is wrong. */
  public Problem problem() {
    return problem;
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
