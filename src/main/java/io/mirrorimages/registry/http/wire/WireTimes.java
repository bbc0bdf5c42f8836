package io.mirrorimages.registry.http.wire;

/**
 * Where the time of one exchange went up to the head of its answer, in nanoseconds. Used by one
 * thread. After a connection turned out to be stale, the times of the last attempt count.
 */
public final class WireTimes {
  private final long began = System.nanoTime();
  private long connected = began;
  private long sent = began;
  private long answered = began;
  private boolean opened;

  /**
   * There is a connection.
   *
   * @param fresh whether it was opened for this exchange
   */
  void connected(boolean fresh) {
    connected = System.nanoTime();
    opened = fresh;
  }

  /** The request has gone out. */
  void sent() {
    sent = System.nanoTime();
  }

  /** The answer's head is there. */
  void answered() {
    answered = System.nanoTime();
  }

  /** Whether a connection was opened for it. */
  public boolean isOpened() {
    return opened;
  }

  /** Until there was a connection. */
  public long connecting() {
    return connected - began;
  }

  /** Until the request had gone out, with the waits for what its body is read from. */
  public long sending() {
    return sent - connected;
  }

  /** From then until the answer's head was there. */
  public long waiting() {
    return answered - sent;
  }
}
