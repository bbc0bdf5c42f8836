package io.mirrorimages.registry.http.wire;

import java.io.IOException;

/**
 * A kept connection that the other side had closed, as it showed when it was used again: no byte of
 * an answer came. Says nothing about how the server is.
 */
public final class StaleConnectionException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient IOException original;

  StaleConnectionException(IOException original) {
    super(original);
    this.original = original;
  }

  /** What the connection said. */
  public IOException original() {
    return original;
  }
}
