package io.mirrorimages.harbor;

import java.util.Locale;

/** What becomes of projects that are missing. */
public enum NewProjects {
  /** They are created, and only members may pull. */
  PRIVATE,
  /** They are created, and anyone may pull. */
  PUBLIC,
  /** They are not created: the run ends before anything is sent. */
  NEVER;

  /** As it is given on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
