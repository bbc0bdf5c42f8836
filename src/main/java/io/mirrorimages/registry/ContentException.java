package io.mirrorimages.registry;

import java.io.IOException;

/** Carries a failure of the content that was being uploaded past those of the connection. */
final class ContentException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient IOException original;

  ContentException(IOException original) {
    super(original);
    this.original = original;
  }

  /** The failure as the content's reader threw it. */
  IOException original() {
    return original;
  }
}
