package io.mirrorimages.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The real {@code skopeo}, as an independent judge of what we write. */
public final class Skopeo {
  private Skopeo() {}

  /**
   * Runs it and gives its standard output.
   *
   * @throws AssertionError if it is not installed, or fails; with its own message
   */
  public static byte[] run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
    command.addAll(List.of(arguments));
    return Tool.run(command);
  }
}
