package io.mirrorimages.list;

import java.util.List;

/** Everything that is wrong with the given lists, found in one pass. */
public final class ImageListException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  ImageListException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** The problems in the order of the lists, at least one, each a single line for a user. */
  public List<String> problems() {
    return problems;
  }
}
