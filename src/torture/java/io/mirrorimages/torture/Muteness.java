package io.mirrorimages.torture;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Judges whether one run of the tool is mute: for a while no byte came through, no image ended, and
 * nothing was said of why. A word excuses the standstill that it is said in, however long that
 * lasts. A line of progress is no word unless it says that nothing moves: it would be the same
 * again and again. For one thread.
 */
final class Muteness {
  /** What a user bears. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private static final Pattern PROGRESS = Pattern.compile("[0-9]+ of [0-9,]+ images?, .*");

  private final Duration limit;
  private long since;
  private long passed = -1;
  private long words;
  private boolean excused;

  /**
   * @param limit of a standstill without a word
   */
  Muteness(Duration limit) {
    this.limit = limit;
  }

  /**
   * Sees how the run is; to be called every second or so.
   *
   * @param nanos now
   * @param bytes that have come through until now
   * @param said all that it has said until now, the ends of images included
   * @return whether it is mute
   */
  boolean look(long nanos, long bytes, String said) {
    long spoken = said.lines().filter(Muteness::isWord).count();
    if (bytes != passed) {
      since = nanos;
      excused = false;
    } else if (spoken > words) {
      excused = true;
    }
    passed = bytes;
    words = spoken;
    return !excused && nanos - since >= limit.toNanos();
  }

  private static boolean isWord(String line) {
    return !PROGRESS.matcher(line).matches() || line.contains("stalled");
  }
}
