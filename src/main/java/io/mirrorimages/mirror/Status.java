package io.mirrorimages.mirror;

import java.util.Locale;

/** How an image ended. */
public enum Status {
  /** It was brought to the target in this run. */
  COPIED,
  /** The target had it already, with the same digest. */
  UNCHANGED,
  /** It was checked and found whole. */
  VERIFIED,
  /** It was left out on purpose: the platform filter wants nothing of it. */
  SKIPPED,
  /** A part of it is elsewhere, in a volume or base that comes before or after. */
  WAITING,
  /** It could not be brought over, or is damaged; the reason is given. */
  FAILED,
  /** The run ended before it was its turn, or while it was on its way. */
  UNFINISHED;

  /** The lower-case name used in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether there is nothing left to do for the image. */
  public boolean isSettled() {
    return this != FAILED && this != UNFINISHED && this != WAITING;
  }
}
