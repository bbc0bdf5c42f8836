package io.mirrorimages.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Path errors = Files.createTempFile("skopeo", ".log");
    try {
      Process process;
      try {
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      } catch (IOException e) {
        throw new AssertionError("these tests need skopeo: apt-get install skopeo", e);
      }
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
}
