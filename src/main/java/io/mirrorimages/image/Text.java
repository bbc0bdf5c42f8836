package io.mirrorimages.image;

import io.mirrorimages.secret.Secrets;

/** How text from outside is shown in messages. */
public final class Text {
  private static final int LONGEST = 200;

  private Text() {}

  /** {@code text} in double quotes, as {@link #plain}. */
  public static String quote(String text) {
    return '"' + plain(text) + '"';
  }

  /**
   * {@code text} on one line, without secrets: what could steer a terminal or reorder the line is
   * escaped, and it is cut after 200 characters.
   */
  public static String plain(String text) {
    String line = line(text);
    if (line.length() <= LONGEST) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return line.substring(0, end) + "...";
  }

  /** As {@link #plain}, but all of it. */
  public static String line(String text) {
    return escape(Secrets.mask(text), "");
  }

  /** As {@link #line}, but with its line ends and tabs, for what has several lines. */
  public static String lines(String text) {
    return escape(Secrets.mask(text), "\n\t");
  }

  /** Escapes are those of Java and JSON, so that a JSON text stays one. */
  private static String escape(String text, String allowed) {
    if (text.codePoints().noneMatch(c -> steers(c) && allowed.indexOf(c) < 0)) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (steers(c) && allowed.indexOf(c) < 0) {
                for (char unit : Character.toChars(c)) {
                  plain.append(String.format("\\u%04x", (int) unit));
                }
              } else {
                plain.appendCodePoint(c);
              }
            });
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
