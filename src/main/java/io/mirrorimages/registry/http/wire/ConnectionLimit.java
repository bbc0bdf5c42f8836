package io.mirrorimages.registry.http.wire;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * How many bytes one connection to a host carries. Some lines cut each connection after a number of
 * bytes, and distribution 2.8, Harbor with it, has no use for an upload any more of which a request
 * was cut. So after a break connections carry about half of what the broken one did, and no request
 * has more than that; each further break lowers it again, and what passes raises it again.
 * Thread-safe.
 */
public final class ConnectionLimit {
  /** No break lowers the limit below that, in bytes. */
  public static final long LEAST = 64 * 1024;

  /** What the socket buffers took counts as carried; so a request is not cut to much less. */
  private static final int SMALLEST_PART = 8;

  private static final long NONE = Long.MAX_VALUE;
  private static final long BEYOND_ANY = 1L << 40;
  private static final int FIRST_GROWTH = 16;
  private static final int LAST_GROWTH = 1 << 12;

  @GuardedBy("this")
  private long most = NONE;

  @GuardedBy("this")
  private long shown = NONE;

  @GuardedBy("this")
  private long largest;

  @GuardedBy("this")
  private int passed;

  @GuardedBy("this")
  private int wanted = FIRST_GROWTH;

  /** The most bytes that a request's body should have; {@link Long#MAX_VALUE} for any number. */
  public synchronized long body() {
    return most;
  }

  /**
   * Whether a connection that carried so many bytes is to be closed in place of another use. A
   * limit that was raised does not count before a body of its size passed: an upload that began
   * below the lower one would be lost with the connection.
   */
  synchronized boolean isUsedUp(long carried) {
    return most < NONE && carried >= shown / 4;
  }

  /** A body of so many bytes was taken. */
  synchronized void took(long body) {
    largest = Math.max(largest, body);
    shown = Math.max(shown, body);
    if (most < NONE && body > most / 2 && ++passed >= wanted) {
      passed = 0;
      most = most < BEYOND_ANY ? most * 2 : NONE;
    }
  }

  /**
   * A connection broke while it carried the body of a request.
   *
   * @param given how many bytes it was given since it was opened
   * @param unsent the size of its send buffer: so many of them at most have not left; they count as
   *     half of what it was given at most, since a buffer is seldom full
   * @param body the length of that body
   */
  synchronized void broke(long given, long unsent, long body) {
    if (body < LEAST) {
      return;
    }
    long carried = given - Math.min(unsent, given / 2);
    // A host that only had a bad moment took larger ones before.
    long half = Math.max(Math.max(carried, largest) / 2, body / SMALLEST_PART);
    largest /= 2;
    if (half < most) {
      most = Math.max(LEAST, half);
      passed = 0;
      wanted = Math.min(2 * wanted, LAST_GROWTH);
    }
    shown = Math.min(shown, most);
  }
}
