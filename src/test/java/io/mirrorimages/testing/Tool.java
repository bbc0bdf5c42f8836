package io.mirrorimages.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Programs of others that judge what we write. */
public final class Tool {
  private Tool() {}

  /**
   * Runs a program to its end and gives its standard output.
   *
   * @throws AssertionError if it is not installed, or fails; with its own message
   */
  public static byte[] run(List<String> command) throws IOException, InterruptedException {
    return run(command, Map.of());
  }

  /** As {@link #run(List)}, with additions to the environment. */
  public static byte[] run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("tool", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      Process process = start(builder);
      process.getOutputStream().close();
      byte[] output;
      try (InputStream in = process.getInputStream()) {
        output = in.readAllBytes();
      }
      if (process.waitFor() != 0) {
        throw new AssertionError(
            String.join(" ", command)
                + ": "
                + Files.readString(errors, StandardCharsets.UTF_8).strip());
      }
      return output;
    } finally {
      Files.delete(errors);
    }
  }

  /** As {@link #run(List)}, its output as lines. */
  public static List<String> lines(List<String> command) throws IOException, InterruptedException {
    return text(run(command));
  }

  static List<String> text(byte[] output) {
    return new String(output, StandardCharsets.UTF_8).lines().toList();
  }

  static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      String program = builder.command().getFirst();
      throw new AssertionError(
          "these tests need " + program + " on the PATH: scripts/test installs it", e);
    }
  }
}
