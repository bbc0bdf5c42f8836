package io.mirrorimages.harbor;

/**
 * How much may be stored, and how much is.
 *
 * @param limit bytes in all; -1 for any number
 * @param used bytes that are there, 0 or more
 */
public record Room(long limit, long used) {
  /** An exbibyte: a Harbor takes quotas up to a thousandth of it, and no disk has as much. */
  private static final long MOST = 1L << 60;

  /** One that nothing is known of. */
  public static final Room UNLIMITED = new Room(-1, 0);

  /** A limit that is too large to be one is none. */
  public Room {
    limit = limit < 0 || limit >= MOST ? -1 : limit;
    used = Math.max(used, 0);
  }

  /** Whether there is no limit. */
  public boolean isUnlimited() {
    return limit < 0;
  }

  /** Whether these many bytes more may be stored. */
  boolean has(long more) {
    return isUnlimited() || more <= limit - used;
  }
}
