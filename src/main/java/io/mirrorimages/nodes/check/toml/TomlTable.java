package io.mirrorimages.nodes.check.toml;

import io.mirrorimages.nodes.check.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table, in the file's order. Values are {@link String}, {@link Boolean}, {@link TomlTable},
 * {@link List} of these, or {@link TomlScalar} for all other scalars, which nobody here reads.
 */
public final class TomlTable {
  /** How a table came to be; it says what may still be added to it. */
  enum Definition {
    /** Named in front of the last part of a header: it may get a header of its own later. */
    SUPER,
    /** By a header of its own, once. */
    HEADER,
    /** By the keys {@code name.key} of one section. */
    DOTTED,
    /** In braces: whole as it stands. */
    INLINE
  }

  private final int line;
  private Definition definition;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();

  TomlTable(int line, Definition definition) {
    this.line = line;
    this.definition = definition;
  }

  Definition definition() {
    return definition;
  }

  void define(Definition later) {
    definition = later;
  }

  void put(String key, int at, Object value) {
    if (values.putIfAbsent(key, value) != null) {
      throw new ConfigException(at, "\"" + key + "\" is there twice");
    }
    lines.put(key, at);
  }

  @Nullable Object get(String key) {
    return values.get(key);
  }

  /** Where it begins, counted from 1. */
  public int line() {
    return line;
  }

  /** Where a key stands; the table itself if the key is not there. */
  public int line(String key) {
    return lines.getOrDefault(key, line);
  }

  /** The keys, in the file's order. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** A text. */
  public Optional<String> text(String key) {
    return typed(key, String.class, "a text");
  }

  /** Yes or no; no, if it is not there. */
  public boolean truth(String key) {
    return typed(key, Boolean.class, "true or false").orElse(false);
  }

  /** A table. */
  public Optional<TomlTable> table(String key) {
    return typed(key, TomlTable.class, "a table");
  }

  /** A table below tables. */
  public Optional<TomlTable> table(String first, String... further) {
    Optional<TomlTable> at = table(first);
    for (String key : further) {
      at = at.flatMap(table -> table.table(key));
    }
    return at;
  }

  /** The tables of an array; none if it is not there. */
  public List<TomlTable> tables(String key) {
    return list(key, TomlTable.class, "tables");
  }

  /** The texts of an array, or one text. */
  public List<String> texts(String key) {
    return values.get(key) instanceof String text
        ? List.of(text)
        : list(key, String.class, "texts");
  }

  /** The texts of an array; none if it is not there. */
  public List<String> listOfTexts(String key) {
    return list(key, String.class, "texts");
  }

  /** The values of an array, of whatever type; one value as an array of one. */
  public List<?> array(String key) {
    Object value = values.get(key);
    return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
  }

  private <T> List<T> list(String key, Class<T> type, String what) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list) || !list.stream().allMatch(type::isInstance)) {
      throw new ConfigException(line(key), "\"" + key + "\" must be an array of " + what);
    }
    return list.stream().map(type::cast).toList();
  }

  private <T> Optional<T> typed(String key, Class<T> type, String what) {
    Object value = values.get(key);
    if (value != null && !type.isInstance(value)) {
      throw new ConfigException(line(key), "\"" + key + "\" must be " + what);
    }
    return Optional.ofNullable(value).map(type::cast);
  }
}
