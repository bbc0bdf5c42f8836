package io.mirrorimages.failure;

import java.io.IOException;
import java.util.Objects;

/**
 * A target refused a manifest because it does not know something the manifest refers to, which it
 * had or confirmed before: replicas learn of a blob a little later, and a garbage collection may
 * have taken it. Worth another try once the content has been looked for, and sent again where it is
 * gone. The message is one line for a user.
 */
public final class MissingContentException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With what the target said. */
  public MissingContentException(String message) {
    super(message);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
