package io.mirrorimages.nodes.check.toml;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads TOML 1.0 (toml.io/en/v1.0.0); numbers and dates are not looked at. */
public final class TomlParser {
  private static final int DEEPEST = 100;
  private static final Pattern SCALAR = Pattern.compile("[0-9+-][0-9A-Za-z_:.+-]*|inf|nan");

  private final String text;
  private int at;
  private int line = 1;
  private int depth;

  private TomlParser(String text) {
    this.text = text.replace("\r\n", "\n");
  }

  /**
   * Reads a file.
   *
   * @throws TomlException with the line, if it is not TOML
   */
  public static TomlTable parse(String text) {
    return new TomlParser(text).file();
  }

  private TomlTable file() {
    TomlTable root = new TomlTable(1);
    TomlTable current = root;
    skip(true);
    while (at < text.length()) {
      if (peek() == '[') {
        current = header(root);
      } else {
        pair(current);
      }
      skip(false);
      if (at < text.length() && peek() != '\n') {
        throw wrong("a line has more than one key");
      }
      skip(true);
    }
    return root;
  }

  private TomlTable header(TomlTable root) {
    boolean array = text.startsWith("[[", at);
    at += array ? 2 : 1;
    List<String> key = key();
    expect(']');
    if (array) {
      expect(']');
    }
    TomlTable parent = root;
    for (String part : key.subList(0, key.size() - 1)) {
      parent = below(parent, part);
    }
    String last = key.getLast();
    if (!array) {
      return below(parent, last);
    }
    TomlTable table = new TomlTable(line);
    if (parent.get(last) == null) {
      parent.put(last, line, new ArrayList<>(List.of(table)));
    } else if (parent.get(last) instanceof List<?> list) {
      add(list, table);
    } else {
      throw wrong("\"" + last + "\" is no array of tables");
    }
    return table;
  }

  @SuppressWarnings("unchecked")
  private static void add(List<?> list, TomlTable table) {
    ((List<Object>) list).add(table);
  }

  private TomlTable below(TomlTable parent, String key) {
    Object there = parent.get(key);
    if (there == null) {
      TomlTable table = new TomlTable(line);
      parent.put(key, line, table);
      return table;
    }
    if (there instanceof List<?> list && !list.isEmpty()) {
      there = list.getLast();
    }
    if (there instanceof TomlTable table) {
      return table;
    }
    throw wrong("\"" + key + "\" is no table");
  }

  private void pair(TomlTable table) {
    int start = line;
    List<String> key = key();
    expect('=');
    skip(false);
    TomlTable parent = table;
    for (String part : key.subList(0, key.size() - 1)) {
      parent = below(parent, part);
    }
    parent.put(key.getLast(), start, value());
  }

  private List<String> key() {
    List<String> parts = new ArrayList<>();
    do {
      skip(false);
      if (at < text.length() && (peek() == '"' || peek() == '\'')) {
        parts.add(string());
      } else {
        int start = at;
        while (at < text.length() && isBare(text.charAt(at))) {
          at++;
        }
        if (at == start) {
          throw wrong("a key is expected");
        }
        parts.add(text.substring(start, at));
      }
      skip(false);
    } while (take('.'));
    return parts;
  }

  private static boolean isBare(char c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
  }

  private Object value() {
    if (at >= text.length() || ++depth > DEEPEST) {
      throw wrong("a value is expected");
    }
    Object value =
        switch (peek()) {
          case '"', '\'' -> string();
          case '[' -> array();
          case '{' -> inline();
          default -> scalar();
        };
    depth--;
    return value;
  }

  private List<Object> array() {
    List<Object> values = new ArrayList<>();
    expect('[');
    skip(true);
    while (!take(']')) {
      values.add(value());
      skip(true);
      if (!take(',')) {
        expect(']');
        break;
      }
      skip(true);
    }
    return values;
  }

  private TomlTable inline() {
    TomlTable table = new TomlTable(line);
    expect('{');
    skip(false);
    while (!take('}')) {
      pair(table);
      skip(false);
      if (!take(',')) {
        expect('}');
        break;
      }
      skip(false);
    }
    return table;
  }

  private Object scalar() {
    var scalar = SCALAR.matcher(text).region(at, text.length());
    for (String word : List.of("true", "false")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("true");
      }
    }
    if (!scalar.lookingAt()) {
      throw wrong("this is no value: texts stand in quotes");
    }
    at = scalar.end();
    return new TomlTable.OtherScalar(scalar.group());
  }

  private String string() {
    char quote = peek();
    String three = String.valueOf(quote).repeat(3);
    boolean many = text.startsWith(three, at);
    at += many ? 3 : 1;
    if (many && at < text.length() && peek() == '\n') {
      at++;
      line++;
    }
    StringBuilder result = new StringBuilder();
    while (true) {
      if (at >= text.length() || (!many && peek() == '\n')) {
        throw wrong("a text has no closing quote");
      }
      if (many ? text.startsWith(three, at) : peek() == quote) {
        at += many ? 3 : 1;
        while (many && at < text.length() && peek() == quote) {
          result.append(quote);
          at++;
        }
        return result.toString();
      }
      char c = text.charAt(at++);
      if (c == '\n') {
        line++;
      }
      if (c == '\\' && quote == '"') {
        escape(result, many);
      } else {
        result.append(c);
      }
    }
  }

  private void escape(StringBuilder result, boolean many) {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    switch (c) {
      case 'b' -> result.append('\b');
      case 't' -> result.append('\t');
      case 'n' -> result.append('\n');
      case 'f' -> result.append('\f');
      case 'r' -> result.append('\r');
      case '"', '\\' -> result.append(c);
      case 'u', 'U' -> {
        int digits = c == 'u' ? 4 : 8;
        if (!text.regionMatches(at, text, at, digits)
            || !text.substring(at, at + digits).matches("[0-9A-Fa-f]+")) {
          throw wrong("a text has an invalid escape");
        }
        int point = Integer.parseUnsignedInt(text.substring(at, at + digits), 16);
        if (!Character.isValidCodePoint(point)) {
          throw wrong("a text has an invalid escape");
        }
        result.appendCodePoint(point);
        at += digits;
      }
      default -> {
        if (!many || !Character.isWhitespace(c)) {
          throw wrong("a text has an invalid escape: \\" + c);
        }
        at--;
        while (at < text.length() && Character.isWhitespace(peek())) {
          line += text.charAt(at++) == '\n' ? 1 : 0;
        }
      }
    }
  }

  /** Blanks and comments; also ends of lines. */
  private void skip(boolean lines) {
    while (at < text.length()) {
      char c = peek();
      if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (c == ' ' || c == '\t') {
        at++;
      } else if (c == '\n' && lines) {
        at++;
        line++;
      } else {
        return;
      }
    }
  }

  private boolean take(char c) {
    boolean there = at < text.length() && peek() == c;
    at += there ? 1 : 0;
    return there;
  }

  private void expect(char c) {
    skip(false);
    if (!take(c)) {
      throw wrong("\"" + c + "\" is expected");
    }
  }

  private char peek() {
    return text.charAt(at);
  }

  private TomlException wrong(String why) {
    return new TomlException(line, "not TOML: " + why);
  }
}
