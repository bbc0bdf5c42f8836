package io.mirrorimages.mirror;

import java.time.Duration;

/**
 * A wait that is long enough for the user to be told of it, or the end of one.
 *
 * @param registry what is waited for, as in image names
 * @param cause why, in words; empty if it is over
 * @param time how long it lasts at most; how long it was, if it is over
 * @param kind what it is
 */
public record Wait(String registry, String cause, Duration time, Kind kind) {
  /** What is to be told. */
  public enum Kind {
    /** A limit is used up, or an answer takes long: it is waited for. */
    LIMIT,
    /** The host does not answer; it is tried again and again. */
    OUTAGE,
    /** It answers again. */
    BACK,
    /** It was waited for long enough. */
    GIVEN_UP
  }

  /** A wait for a limit. */
  public Wait(String registry, String cause, Duration time) {
    this(registry, cause, time, Kind.LIMIT);
  }
}
