package io.mirrorimages.registry.limit;

import java.io.IOException;
import java.time.Duration;

/**
 * An endpoint is well, but its limits would make a request wait for long. Meant for {@code Walk},
 * which asks others meanwhile; nobody else asks so that this is thrown.
 */
public final class BusyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient WaitNotices notices;
  private final Duration wait;
  private final Duration longest;

  /**
   * @param cause what is used up, in words
   * @param wait after what time it is worth asking again
   * @param longest how long it takes at most, for the user; zero if that is not worth telling
   * @param notices who tells the user
   */
  BusyException(String cause, Duration wait, Duration longest, WaitNotices notices) {
    super(cause);
    this.wait = wait;
    this.longest = longest;
    this.notices = notices;
  }

  /** After what time it is worth asking again. */
  public Duration timeToWait() {
    return wait;
  }

  /** Tells the user that there is nobody else to ask, so that it is waited for. */
  public void tell() {
    notices.tell(getMessage(), longest);
  }
}
