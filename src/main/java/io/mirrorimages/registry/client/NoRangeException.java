package io.mirrorimages.registry.client;

import java.io.IOException;

/** A server would send a blob from its start instead of the part that was asked for. */
public final class NoRangeException extends IOException {
  private static final long serialVersionUID = 1L;

  NoRangeException(String host, String blob) {
    super(host + " does not send a part of " + blob);
  }
}
