package io.mirrorimages.harbor;

/**
 * How much may be stored, and how much is.
 *
 * @param limit bytes in all; -1 for any number
 * @param used bytes that are there
 */
public record Room(long limit, long used) {

  /** One that nothing is known of. */
  public static final Room UNLIMITED = new Room(-1, 0);

  /** Whether there is no limit. */
  public boolean isUnlimited() {
    return limit < 0;
  }

  /** Whether these many bytes more may be stored. */
  boolean has(long more) {
    return isUnlimited() || more <= limit - used;
  }
}
