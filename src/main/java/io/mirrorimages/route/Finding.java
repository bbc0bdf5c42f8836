package io.mirrorimages.route;

/**
 * Something in a {@code registries.yaml} that has another effect than its writer may think.
 *
 * @param file the file as it was named
 * @param line counted from 1
 * @param text what is wrong, in one line
 */
public record Finding(String file, int line, String text) {

  /** {@code file:line: text}. */
  @Override
  public String toString() {
    return file + ":" + line + ": " + text;
  }
}
