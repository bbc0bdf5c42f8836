package io.mirrorimages.nodes.check.toml;

/** A text that is not TOML, or a value of another type than it must have. */
public final class TomlException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int line;

  /** At a line, counted from 1. */
  public TomlException(int line, String message) {
    super(message);
    this.line = line;
  }

  /** Where it is, counted from 1. */
  public int line() {
    return line;
  }
}
