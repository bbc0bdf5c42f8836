package io.mirrorimages.image;

/** How text from outside is shown in messages. */
public final class Text {
  private static final int LONGEST = 200;

  private Text() {}

  /**
   * {@code text} in double quotes on one line: control characters escaped, cut after 200
   * characters.
   */
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                quoted.append(String.format("\\u%04x", c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    if (text.codePointCount(0, text.length()) > LONGEST) {
      quoted.append("...");
    }
    return quoted.append('"').toString();
  }
}
