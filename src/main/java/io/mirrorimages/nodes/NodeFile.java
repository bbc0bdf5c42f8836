package io.mirrorimages.nodes;

/**
 * A file that a system reads.
 *
 * @param path absolute for a place on the node, with slashes; relative for a file that is handed to
 *     a program
 * @param mode permissions as in {@code chmod}, for example {@code 0600}
 * @param text its content; ends with a line feed, and holds no password
 */
public record NodeFile(String path, String mode, String text) {
  /** Permissions of a file that holds, or may get, a password. */
  public static final String PRIVATE = "0600";

  /** Permissions of a file that everyone may read. */
  public static final String PUBLIC = "0644";

  /** Ends the text with a line feed. */
  public NodeFile {
    text = text.endsWith("\n") ? text : text + "\n";
  }
}
