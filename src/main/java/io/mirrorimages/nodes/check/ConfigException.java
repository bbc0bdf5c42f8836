package io.mirrorimages.nodes.check;

/** What makes a reader refuse a configuration file as a whole; not yet with the file's name. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int line;

  /** At a line, counted from 1; 0 for the file as a whole. The message holds no secret. */
  public ConfigException(int line, String message) {
    super(message);
    this.line = line;
  }

  /** Where it is, counted from 1. */
  public int line() {
    return line;
  }
}
