package io.mirrorimages.nodes.check.containers;

/**
 * A location that takes the place of a prefix.
 *
 * @param file where it is written
 * @param line counted from 1
 * @param location empty where the name stays as it is
 * @param pulls {@code all}, {@code digest-only} or {@code tag-only}
 */
record PrefixPlace(String file, int line, String location, boolean insecure, String pulls) {

  /** Whether names with it can be parsed; where one can't, no other place is asked either. */
  boolean isUsable() {
    return !location.startsWith("[") && !location.endsWith("/");
  }

  /** Whether it is asked for images that are named by digest, or for those named by tag. */
  boolean serves(boolean byDigest) {
    return !pulls.equals(byDigest ? "tag-only" : "digest-only");
  }

  /** The same for a name; where the prefix ends in front of a port, that may come to lie astray. */
  boolean isUsable(String full, int prefix) {
    String rest = rename(full, prefix).replaceFirst("^[^/:]*:[0-9]+(/|$)", "");
    return isUsable() && rest.indexOf(':') < 0;
  }

  /** What a name is called here, whose first characters are the prefix. */
  String rename(String full, int prefix) {
    return location.isEmpty() ? full : location + full.substring(prefix);
  }

  /** File and line. */
  String at() {
    return file + ":" + line;
  }
}
