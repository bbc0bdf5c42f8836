package io.mirrorimages.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of others that tests run against. */
public final class Tool {
  private static final long PATIENCE_SECONDS = 120;

  private Tool() {}

  /** Whether a program of this name is on the path. */
  public static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Whether these tests run as root. */
  public static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /**
   * Runs a program and gives what it printed, on both streams.
   *
   * @throws AssertionError with that, if it fails or does not end
   */
  public static String run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("tool", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(String.join(" ", command) + " did not end: " + text(log));
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + text(log));
      }
      return text(log);
    } finally {
      Files.delete(log);
    }
  }

  private static String text(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).strip();
  }
}
