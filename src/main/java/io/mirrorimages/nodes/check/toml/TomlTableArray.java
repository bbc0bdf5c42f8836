package io.mirrorimages.nodes.check.toml;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/** The tables under one {@code [[name]]}; other arrays do not grow. */
final class TomlTableArray extends AbstractList<TomlTable> {
  private final List<TomlTable> tables = new ArrayList<>();

  TomlTableArray(TomlTable first) {
    tables.add(first);
  }

  @Override
  public boolean add(TomlTable table) {
    return tables.add(table);
  }

  @Override
  public TomlTable get(int index) {
    return tables.get(index);
  }

  @Override
  public int size() {
    return tables.size();
  }
}
