package io.mirrorimages.nodes.check.containers;

import java.util.List;

/**
 * A {@code [[registry]]}: where images below a prefix are.
 *
 * @param line where it begins
 * @param own the location of the prefix itself, asked last
 * @param blocked whether names below the prefix are not asked for
 */
record PrefixEntry(
    int line, String prefix, PrefixPlace own, boolean blocked, List<PrefixPlace> mirrors) {

  /** Copies the list. */
  PrefixEntry {
    mirrors = List.copyOf(mirrors);
  }

  /** How many characters of a name the prefix takes; 0 if it is not its prefix. */
  int matched(String full) {
    int end;
    if (prefix.startsWith("*.")) {
      String domain = prefix.substring(1);
      int start = full.indexOf(domain);
      end = start < 0 || full.lastIndexOf('/', start) >= 0 ? 0 : start + domain.length();
    } else {
      end = full.startsWith(prefix) ? prefix.length() : 0;
    }
    // The port behind a host counts as below it.
    return end > 0 && (end == full.length() || "/:".indexOf(full.charAt(end)) >= 0) ? end : 0;
  }

  /** File and line. */
  String at() {
    return own.file() + ":" + line;
  }
}
