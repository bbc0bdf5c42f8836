package io.mirrorimages.harbor;

/**
 * How a Harbor is set, as far as the user may know.
 *
 * @param version as in {@code v2.15.2-1a2b3c4d}; empty if it does not say
 * @param readOnly whether it takes no changes
 * @param adminsCreate whether only administrators create projects
 */
public record Settings(String version, boolean readOnly, boolean adminsCreate) {
  static final Settings UNKNOWN = new Settings("", false, false);
}
