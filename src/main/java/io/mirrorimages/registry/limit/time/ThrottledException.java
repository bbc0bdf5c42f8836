package io.mirrorimages.registry.limit.time;

import java.io.IOException;
import java.time.Duration;

/**
 * The limits of a healthy endpoint would make a request wait for long. For {@code Failover}, which
 * asks other endpoints meanwhile; no other caller sets a patience that makes this occur.
 */
public final class ThrottledException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Runnable telling;
  private final Duration wait;

  /**
   * @param cause what is used up, in words
   * @param wait after what time it is worth asking again
   * @param telling tells the user, if it is worth that
   */
  public ThrottledException(String cause, Duration wait, Runnable telling) {
    super(cause);
    this.wait = wait;
    this.telling = telling;
  }

  /** After what time it is worth asking again. */
  public Duration timeToWait() {
    return wait;
  }

  /** Reports that no other endpoint is left, so that the run waits for this one. */
  public void tell() {
    telling.run();
  }
}
