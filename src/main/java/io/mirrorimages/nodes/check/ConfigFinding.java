package io.mirrorimages.nodes.check;

/**
 * Something in a node's configuration that has another effect than its writer may think.
 *
 * @param kind what it is
 * @param file the file as it was named; empty for an option
 * @param line counted from 1; 0 for the file as a whole
 * @param text what is wrong and what to do, in one line, without secrets
 */
public record ConfigFinding(FindingKind kind, String file, int line, String text) {

  /** {@code file:line: severity: text [name]}. */
  @Override
  public String toString() {
    String place = file.isEmpty() ? "" : file + (line > 0 ? ":" + line : "") + ": ";
    return place + kind.severity().label() + ": " + text + " [" + kind.label() + "]";
  }
}
