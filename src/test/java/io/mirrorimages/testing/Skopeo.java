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

  /**
   * Runs it, and gives all that it prints, whether it succeeds or not.
   *
   * @param home the folder of the user, with its configuration
   * @throws AssertionError if it is not installed
   */
  public static String log(Path home, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XDG_RUNTIME_DIR", home.toString());
    builder.environment().remove("XDG_CONFIG_HOME");
    builder.environment().remove("REGISTRY_AUTH_FILE");
    builder.environment().remove("CONTAINERS_REGISTRIES_CONF");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new AssertionError("these tests need skopeo: apt-get install skopeo", e);
    }
    process.getOutputStream().close();
    try (InputStream in = process.getInputStream()) {
      String output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return output;
    }
  }
}
