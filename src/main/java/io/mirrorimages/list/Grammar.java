package io.mirrorimages.list;

import java.util.regex.Pattern;

/** The marks by which a line is taken apart. */
final class Grammar {
  static final Pattern BLANKS = Pattern.compile("[ \t\r]+");
  static final Pattern COMMENT = Pattern.compile("(?:^|[ \t\r])#.*", Pattern.DOTALL);
  static final Pattern DIGEST = Pattern.compile("sha(?:256|512):.*", Pattern.DOTALL);

  /**
   * More than 255 characters of name, 128 of tag and a sha512 digest come to. Patterns of names
   * need stack in proportion to their length.
   */
  static final int LONGEST_NAME = 600;

  private Grammar() {}
}
