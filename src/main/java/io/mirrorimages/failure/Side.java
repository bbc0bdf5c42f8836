package io.mirrorimages.failure;

import java.util.Locale;

/** Which registries of a run a failure is about. */
public enum Side {
  /** Those of a run that has no others, or of whichever side. */
  ANY,
  /** Those that images come from, in a run from registry to registry. */
  SOURCE,
  /** Those that images go to, in a run from registry to registry. */
  TARGET;

  /** The mark that stands in messages for a setting of this side, as {@link Setting#toString}. */
  public String mark(Setting setting) {
    return this == ANY ? setting.toString() : "{setting " + id() + " " + setting.id() + "}";
  }

  /** Its name in lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
