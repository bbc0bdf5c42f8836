package io.mirrorimages.list;

import java.util.regex.Pattern;

/** The marks by which a line is taken apart. */
final class Grammar {
  static final Pattern BLANKS = Pattern.compile("[ \t\r]+");
  static final Pattern COMMENT = Pattern.compile("(?:^|[ \t\r])#.*", Pattern.DOTALL);
  static final Pattern DIGEST = Pattern.compile("sha(?:256|512):.*", Pattern.DOTALL);

  private Grammar() {}
}
