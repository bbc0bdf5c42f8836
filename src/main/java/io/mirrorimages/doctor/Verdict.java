package io.mirrorimages.doctor;

import java.util.Locale;

/** How a check came out. */
public enum Verdict {
  /** As it should be. */
  OK,
  /** A transfer may work, or work for now. */
  WARNING,
  /** A transfer would fail, or a part of it. */
  FAILURE,
  /** It could not be looked at. */
  SKIPPED;

  /** The lower-case name used in the output. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
