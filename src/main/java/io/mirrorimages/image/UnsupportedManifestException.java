package io.mirrorimages.image;

import java.util.Objects;

/** A well-formed document of a kind that can't be mirrored. The message says which, in one line. */
public final class UnsupportedManifestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error whose {@code message} can be shown to a user as it is. */
  public UnsupportedManifestException(String message) {
    super(message);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
