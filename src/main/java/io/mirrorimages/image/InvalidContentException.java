package io.mirrorimages.image;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Text or bytes from outside that do not have the form they must have. The message says what is
 * wrong, in one line.
 */
public final class InvalidContentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error whose {@code message} can be shown to a user as it is. */
  public InvalidContentException(String message) {
    super(message);
  }

  /** The same, with the parser's own error. */
  public InvalidContentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
