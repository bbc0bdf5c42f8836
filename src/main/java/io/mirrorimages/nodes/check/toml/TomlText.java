package io.mirrorimages.nodes.check.toml;

import io.mirrorimages.nodes.check.ConfigException;

/** The characters of a file, read once from the front, with the number of the current line. */
final class TomlText {
  private static final char END = '\0';

  private final String text;
  private int at;
  private int line = 1;

  /** Line ends of both kinds count as one; a byte order mark is left out. */
  TomlText(String text) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    this.text = plain.replace("\r\n", "\n");
    for (int i = 0; i < this.text.length(); i++) {
      char c = this.text.charAt(i);
      if ((c < ' ' && c != '\t' && c != '\n') || c == '\u007F') {
        int before = (int) this.text.substring(0, i).lines().count();
        boolean first = i == 0 || this.text.charAt(i - 1) == '\n';
        throw new ConfigException(before + (first ? 1 : 0), "not TOML: a control character");
      }
    }
  }

  int line() {
    return line;
  }

  boolean isAtEnd() {
    return at >= text.length();
  }

  /** The next character; NUL, which no file has, at the end. */
  char peek() {
    return isAtEnd() ? END : text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    line += c == '\n' ? 1 : 0;
    return c;
  }

  /** Skips blanks and a comment. */
  void skipBlanks() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
    if (peek() == '#') {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
    }
  }

  /** Skips blanks, comments and ends of lines. */
  void skipLines() {
    skipBlanks();
    while (peek() == '\n') {
      next();
      skipBlanks();
    }
  }

  /** Takes a mark if it is the next text. */
  boolean take(String mark) {
    boolean there = text.startsWith(mark, at);
    at += there ? mark.length() : 0;
    return there;
  }

  /** Takes a mark that has to be the next text but for blanks. */
  void expect(String mark) {
    skipBlanks();
    if (!take(mark)) {
      throw wrong("\"" + mark + "\" is expected");
    }
  }

  /** Takes the letters, digits and further characters that come next; empty if none does. */
  String word(String further) {
    int start = at;
    while (isLetterOrDigit(peek()) || (!isAtEnd() && further.indexOf(peek()) >= 0)) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isLetterOrDigit(char c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }

  /** Whether a blank and then a digit come next, as between a date and its time. */
  boolean isBeforeTime() {
    return peek() == ' ' && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
  }

  /** Whether a text in quotes comes next. */
  boolean isAtQuote() {
    return peek() == '"' || peek() == '\'';
  }

  /** Takes a text in quotes of one line. */
  String quoted() {
    return string(String.valueOf(next()));
  }

  /** Takes a text in quotes, of one line or of many. */
  String quotedLines() {
    String three = String.valueOf(peek()).repeat(3);
    if (!take(three)) {
      return quoted();
    }
    if (peek() == '\n') {
      next();
    }
    return string(three);
  }

  private String string(String quote) {
    boolean many = quote.length() > 1;
    StringBuilder result = new StringBuilder();
    while (!take(quote)) {
      if (isAtEnd() || (!many && peek() == '\n')) {
        throw wrong("a text has no closing quote");
      }
      char c = next();
      if (c == '\\' && quote.startsWith("\"")) {
        escape(result, many);
      } else {
        result.append(c);
      }
    }
    // Up to two quotes before the closing three belong to the text.
    String one = quote.substring(0, 1);
    for (int i = 0; many && i < 2 && take(one); i++) {
      result.append(one);
    }
    return result.toString();
  }

  private void escape(StringBuilder result, boolean many) {
    char c = next();
    switch (c) {
      case 'b' -> result.append('\b');
      case 't' -> result.append('\t');
      case 'n' -> result.append('\n');
      case 'f' -> result.append('\f');
      case 'r' -> result.append('\r');
      case '"', '\\' -> result.append(c);
      case 'u' -> result.appendCodePoint(codePoint(4));
      case 'U' -> result.appendCodePoint(codePoint(8));
      default -> {
        at--;
        line -= c == '\n' ? 1 : 0;
        continueLine(many);
      }
    }
  }

  private int codePoint(int digits) {
    String hex = text.substring(at, Math.min(text.length(), at + digits));
    int point = hex.matches("[0-9A-Fa-f]{" + digits + "}") ? Integer.parseUnsignedInt(hex, 16) : -1;
    if (!Character.isValidCodePoint(point) || (point >= 0xD800 && point <= 0xDFFF)) {
      throw wrong("a text has an invalid escape");
    }
    at += digits;
    return point;
  }

  /** A backslash at the end of a line takes all white space up to the next text. */
  private void continueLine(boolean many) {
    int start = line;
    while (many && (peek() == ' ' || peek() == '\t' || peek() == '\n')) {
      next();
    }
    if (line == start) {
      throw wrong("a text has an invalid escape; in single quotes a backslash is plain");
    }
  }

  ConfigException wrong(String why) {
    return new ConfigException(line, "not TOML: " + why);
  }
}
