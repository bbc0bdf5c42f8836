package io.mirrorimages.torture;

import java.time.Duration;
import java.util.Optional;

/** Bytes of one blob on their way by one request. Thread-safe. */
final class Transfer {
  private static final long FRESH = Duration.ofSeconds(3).toNanos();

  private final String digest;

  /** By what kind of request. */
  enum Way {
    DOWNLOAD,
    WHOLE_UPLOAD,
    CHUNK
  }

  private final Way way;
  private long bytes;
  private Optional<Fault> fault = Optional.empty();
  private boolean complete;
  private boolean killed;
  private long last = System.nanoTime();
  private long longestPause;

  Transfer(String digest, Way way) {
    this.digest = digest;
    this.way = way;
  }

  String digest() {
    return digest;
  }

  boolean isUpload() {
    return way != Way.DOWNLOAD;
  }

  synchronized void moved(int count) {
    pause();
    bytes += count;
  }

  private void pause() {
    long now = System.nanoTime();
    longestPause = Math.max(longestPause, now - last);
    last = now;
  }

  /** What befell it. */
  synchronized void hitBy(Fault what) {
    fault = Optional.of(what);
  }

  /** All of it went through, and so did the answer. */
  synchronized void complete() {
    pause();
    complete = true;
  }

  /** It broke with nothing wrong on the line, and its end does not come any more. */
  synchronized void ended() {
    pause();
  }

  /**
   * Its process was killed now: if it broke with nothing wrong on the line, that is why. What was
   * moved just before may not have been noted; a whole upload need not be.
   */
  synchronized void explainByKill() {
    boolean fresh = System.nanoTime() - last < FRESH;
    killed =
        killed
            || (isDamaged() || fault.isEmpty()) && (!complete || fresh && way != Way.WHOLE_UPLOAD);
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized Optional<Fault> fault() {
    return fault;
  }

  /** Whether its bytes were not those that were sent: all of the blob has to come again. */
  synchronized boolean isDamaged() {
    return fault.filter(f -> f == Fault.FLIP).isPresent();
  }

  /** Whether it did not come to its end, or nobody may have noted that it did. */
  synchronized boolean isBroken() {
    return !complete || killed || fault.isPresent() && !isDamaged();
  }

  /** Whether it broke, and neither the line nor a kill nor an overloaded machine was the cause. */
  synchronized boolean isUnexplained(long stallNanos) {
    return !complete && fault.isEmpty() && !killed && longestPause < stallNanos * 3 / 4;
  }

  @Override
  public synchronized String toString() {
    return (isUpload() ? "upload of " : "download of ")
        + digest
        + ", "
        + bytes
        + " bytes"
        + fault.map(f -> ", " + f).orElse("")
        + (killed ? ", killed" : "")
        + (complete ? "" : ", incomplete");
  }
}
