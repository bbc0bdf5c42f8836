package io.mirrorimages.mirror.stream;

import java.io.IOException;

/**
 * A source has released its connection, since its limits wanted a long wait; the rest of the blob
 * can be opened now, from the byte where the stream stopped. No failure, and no try of a retry
 * policy is used up by it: {@link ResumingStream} opens the rest.
 */
public final class SourcePausedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The stream that throws it has released its connection. */
  public SourcePausedException() {
    super("the source has released its connection for a wait");
  }
}
