package io.mirrorimages.mirror;

import java.time.Duration;

/**
 * What a place that counts how many manifests it gives says of that, as Docker Hub does.
 *
 * @param place which, as in image names, or the address of a mirror
 * @param turn when it is asked
 * @param account for whom it counts
 * @param limit how many it gives in {@code window}; 1 or more
 * @param window after which as many are free again
 * @param left how many it still gives now
 * @param made how many this run has had of it
 */
public record RateLimitStatus(
    String place, Turn turn, Account account, long limit, Duration window, long left, long made) {

  /** When a place is asked, among those that have an image. */
  public enum Turn {
    /** There is no other. */
    ONLY,
    /** Before others, which stand in for it when it gives no more. */
    FIRST,
    /** For what those before it do not have. */
    LATER
  }

  /** For whom a place counts. */
  public enum Account {
    /** For everybody behind one address. */
    ADDRESS,
    /** For the user who is logged in. */
    USER,
    /** It does not say. */
    UNKNOWN
  }
}
