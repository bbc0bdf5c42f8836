package io.mirrorimages.registry.http.wire;

import java.net.SocketTimeoutException;

/** A server that is not silent, and still does not get on. */
public final class TooSlowException extends SocketTimeoutException {
  private static final long serialVersionUID = 1L;

  TooSlowException() {
    super("its bytes come, or are taken, too slowly");
  }
}
