package io.mirrorimages.list;

import io.mirrorimages.image.Text;
import java.util.regex.Pattern;

/**
 * A line as messages show it: quoted, shortened, and without what may be a secret, since files of
 * other kinds are given as lists by mistake. A digest is no secret.
 */
final class LineExcerpt {
  private static final int LONGEST = 80;

  /** What is behind is not shown, and not looked at. */
  private static final int LOOKED_AT = 400;

  /** A digest is not cut off. */
  private static final int LONGEST_PINNED = 160;

  private static final String LEFT_OUT = "...";

  /** User and password of an address. */
  private static final Pattern USER = Pattern.compile("//[^/@\\s]*@");

  /** No name of an image has an equals sign; a file of variables has passwords behind it. */
  private static final Pattern ASSIGNED = Pattern.compile("(?<==).+");

  /** What follows a key such as password; a name behind a slash is no key. */
  private static final Pattern KEYED =
      Pattern.compile(
          "(?i)(?<![\\w./-])([\\w.-]{0,64}(?:passw|passphrase|pwd|token|secret|auth|credential|-data"
              + "|api_?key|access_?key|private|login|account)[\\w.-]{0,64}[\"']?"
              + "(?:\\s*[:=]\\s*|\\s+)).+");

  /** A hash of a password, as in htpasswd. */
  private static final Pattern HASHED = Pattern.compile("(?<=:)\\$.+");

  /** Keys and hashes: mixed case with digits, or long with digits; no tag and no host. */
  private static final Pattern RANDOM =
      Pattern.compile(
          "(?<![^\\s\"'])(?:(?=\\S*[A-Z])(?=\\S*[a-z])(?=\\S*[0-9])[\\w+/=-]{16,}"
              + "|(?=\\S*[0-9])[\\w+=-]{32,})(?![^\\s\"',])");

  /** A word without slash and colon, such as a password alone on its line. */
  private static final Pattern LONE_WORD = Pattern.compile("[^\\s/:]+");

  private LineExcerpt() {}

  /** The line in quotes. */
  static String of(String line) {
    String text = masked(line.strip());
    int longest = text.contains("sha256:") ? LONGEST_PINNED : LONGEST;
    return text.codePointCount(0, text.length()) <= longest
        ? Text.quote(text)
        : Text.quote(text.substring(0, text.offsetByCodePoints(0, longest)) + LEFT_OUT);
  }

  /** Whether {@link #of} leaves out something that other messages must not show either. */
  static boolean isMasked(String line) {
    String text = line.strip();
    return !text.startsWith(masked(text));
  }

  private static String masked(String line) {
    if (line.length() > LOOKED_AT) {
      return masked(line.substring(0, LOOKED_AT));
    }
    if (LONE_WORD.matcher(line).matches() && !line.endsWith(",")) {
      return LEFT_OUT;
    }
    String text = USER.matcher(line).replaceAll("//" + LEFT_OUT + "@");
    text = ASSIGNED.matcher(text).replaceAll(LEFT_OUT);
    text = KEYED.matcher(text).replaceAll("$1" + LEFT_OUT);
    text = HASHED.matcher(text).replaceAll(LEFT_OUT);
    return RANDOM.matcher(text).replaceAll(LEFT_OUT);
  }
}
