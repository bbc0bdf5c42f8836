package io.mirrorimages.failure;

import java.util.Locale;

/** Why an image was not mirrored, as it stands in reports. */
public enum Reason {
  /** The source does not have it. */
  MISSING,
  /** A registry refused: wrong or missing credentials, or no right. */
  DENIED,
  /** The target's quota is used up. */
  QUOTA,
  /** A connection could not be made or held, or a server was out of order. */
  NETWORK,
  /** Bytes did not have the digest or form they must have. */
  CORRUPT,
  /** The image is of a kind that can't be mirrored. */
  UNSUPPORTED,
  /** The platform filter left nothing of it. */
  FILTERED,
  /** No room on the disk. */
  SPACE,
  /** A part of it is in a volume of the archive that was not given. */
  VOLUME,
  /** A part of it is in the archive that this one was saved on top of, and not at the target. */
  BASE,
  /** A mistake of this program. */
  PROGRAM;

  /** The lower-case name used in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
