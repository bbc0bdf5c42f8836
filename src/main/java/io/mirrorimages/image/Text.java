package io.mirrorimages.image;

/** How text from outside is shown in messages. */
public final class Text {
  private static final int LONGEST = 200;

  private Text() {}

  /** {@code text} in double quotes, as {@link #plain}. */
  public static String quote(String text) {
    return '"' + plain(text) + '"';
  }

  /**
   * {@code text} on one line: what could steer a terminal or reorder the line is escaped, and it is
   * cut after 200 characters.
   */
  public static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length() && plain.length() < LONGEST) {
      int c = text.codePointAt(at);
      if (steers(c)) {
        plain.append(String.format("\\u%04x", c));
      } else {
        plain.appendCodePoint(c);
      }
      at += Character.charCount(c);
    }
    if (at < text.length()) {
      plain.append("...");
    }
    return plain.toString();
  }

  private static boolean steers(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
