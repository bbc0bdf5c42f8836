package io.mirrorimages.disk;

import java.io.IOException;

/**
 * Something that the tool did not make has a name that it writes. Its message is one line for the
 * user, and says what to do.
 */
public final class ForeignFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With that message. */
  public ForeignFileException(String message) {
    super(message);
  }
}
