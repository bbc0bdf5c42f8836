package io.mirrorimages.registry.http.wire;

import java.io.IOException;

/** Carries a failure of the content that was being uploaded past those of the connection. */
public final class ContentException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient IOException original;

  /** Says that {@code original} came from the content, not from the connection. */
  public ContentException(IOException original) {
    super(original);
    this.original = original;
  }

  /** The failure as the content's reader threw it. */
  public IOException original() {
    return original;
  }
}
