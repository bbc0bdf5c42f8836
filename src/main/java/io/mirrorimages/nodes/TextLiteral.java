package io.mirrorimages.nodes;

import io.mirrorimages.image.Json;

/** Texts as values in configuration files. */
public final class TextLiteral {
  private TextLiteral() {}

  /** In double quotes: a string of JSON, and as such one of YAML and a basic string of TOML. */
  public static String quoted(String text) {
    return Json.MAPPER.writeValueAsString(text);
  }

  /**
   * In single quotes: one word of a POSIX shell; as it is if it has letters, digits, /.:=@- only.
   */
  public static String word(String text) {
    return text.matches("[A-Za-z0-9/._:=@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
