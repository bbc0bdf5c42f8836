package io.mirrorimages.nodes.check.toml;

import io.mirrorimages.nodes.check.ConfigException;
import io.mirrorimages.nodes.check.toml.TomlTable.Definition;
import java.util.ArrayList;
import java.util.List;

/** Reads TOML 1.0 (toml.io/en/v1.0.0). */
public final class TomlParser {
  private static final int DEEPEST = 100;

  private final TomlText text;
  private int depth;

  private TomlParser(TomlText text) {
    this.text = text;
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException with the line, if it is not TOML
   */
  public static TomlTable parse(String text) {
    return new TomlParser(new TomlText(text)).file();
  }

  private TomlTable file() {
    TomlTable root = new TomlTable(1, Definition.HEADER);
    TomlTable current = root;
    text.skipLines();
    while (!text.isAtEnd()) {
      if (text.take("[[")) {
        current = arrayHeader(root);
      } else if (text.take("[")) {
        current = header(root);
      } else {
        pair(current);
      }
      text.skipBlanks();
      if (!text.isAtEnd() && text.peek() != '\n') {
        throw text.wrong("a line has more than one key");
      }
      text.skipLines();
    }
    return root;
  }

  private TomlTable header(TomlTable root) {
    int line = text.line();
    List<String> key = key();
    text.expect("]");
    TomlTable parent = parent(root, key, Definition.SUPER);
    Object there = parent.get(key.getLast());
    if (there == null) {
      TomlTable table = new TomlTable(line, Definition.HEADER);
      parent.put(key.getLast(), line, table);
      return table;
    }
    if (there instanceof TomlTable table && table.definition() == Definition.SUPER) {
      table.define(Definition.HEADER);
      return table;
    }
    throw twice(key.getLast());
  }

  private TomlTable arrayHeader(TomlTable root) {
    int line = text.line();
    List<String> key = key();
    text.expect("]");
    if (!text.take("]")) {
      throw text.wrong("\"]]\" is expected");
    }
    TomlTable parent = parent(root, key, Definition.SUPER);
    TomlTable table = new TomlTable(line, Definition.HEADER);
    switch (parent.get(key.getLast())) {
      case null -> parent.put(key.getLast(), line, new TomlTableArray(table));
      case TomlTableArray array -> array.add(table);
      default -> throw twice(key.getLast());
    }
    return table;
  }

  private void pair(TomlTable table) {
    int line = text.line();
    List<String> key = key();
    text.expect("=");
    text.skipBlanks();
    TomlTable parent = parent(table, key, Definition.DOTTED);
    parent.put(key.getLast(), line, value());
  }

  /** The table that the last part of a key is in; those that lack are made. */
  private TomlTable parent(TomlTable root, List<String> key, Definition made) {
    TomlTable parent = root;
    for (String part : key.subList(0, key.size() - 1)) {
      parent = below(parent, part, made);
    }
    return parent;
  }

  private TomlTable below(TomlTable parent, String key, Definition made) {
    Object there = parent.get(key);
    if (there == null) {
      TomlTable table = new TomlTable(text.line(), made);
      parent.put(key, text.line(), table);
      return table;
    }
    boolean header = made == Definition.SUPER;
    if (header && there instanceof TomlTableArray array) {
      return array.getLast();
    }
    if (there instanceof TomlTable table
        && (header
            ? table.definition() != Definition.INLINE
            : table.definition() == Definition.DOTTED)) {
      return table;
    }
    throw text.wrong("nothing can be added to \"" + key + "\" here");
  }

  private ConfigException twice(String key) {
    return new ConfigException(text.line(), "\"" + key + "\" is there twice");
  }

  private List<String> key() {
    List<String> parts = new ArrayList<>();
    do {
      text.skipBlanks();
      String part = text.isAtQuote() ? text.quoted() : bare();
      parts.add(part);
      text.skipBlanks();
    } while (text.take("."));
    return parts;
  }

  private String bare() {
    String word = text.word("_-");
    if (word.isEmpty()) {
      throw text.wrong("a key is expected");
    }
    return word;
  }

  private Object value() {
    if (text.isAtEnd() || ++depth > DEEPEST) {
      throw text.wrong("a value is expected");
    }
    Object value =
        switch (text.peek()) {
          case '"', '\'' -> text.quotedLines();
          case '[' -> array();
          case '{' -> inline();
          default -> scalar();
        };
    depth--;
    return value;
  }

  private List<Object> array() {
    List<Object> values = new ArrayList<>();
    text.expect("[");
    text.skipLines();
    while (!text.take("]")) {
      values.add(value());
      text.skipLines();
      if (!text.take(",")) {
        text.expect("]");
        break;
      }
      text.skipLines();
    }
    return List.copyOf(values);
  }

  private TomlTable inline() {
    TomlTable table = new TomlTable(text.line(), Definition.INLINE);
    text.expect("{");
    text.skipBlanks();
    if (text.take("}")) {
      return table;
    }
    do {
      pair(table);
      text.skipBlanks();
    } while (text.take(","));
    text.expect("}");
    return table;
  }

  private Object scalar() {
    String word = text.word("_+-.:");
    if (word.equals("true") || word.equals("false")) {
      return word.equals("true");
    }
    if (TomlScalar.isDate(word) && text.isBeforeTime()) {
      text.take(" ");
      word += " " + text.word("_+-.:");
    }
    TomlScalar scalar = new TomlScalar(word);
    if (!scalar.isValid()) {
      throw text.wrong("this is no value: texts stand in quotes");
    }
    return scalar;
  }
}
