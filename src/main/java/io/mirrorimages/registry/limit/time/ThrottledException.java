package io.mirrorimages.registry.limit.time;

import java.io.IOException;
import java.time.Duration;

/**
 * An endpoint is well, but its limits would make a request wait for long. Meant for {@code Walk},
 * which asks others meanwhile; nobody else asks so that this is thrown.
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

  /** Tells the user that there is nobody else to ask, so that it is waited for. */
  public void tell() {
    telling.run();
  }
}
