package io.mirrorimages.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands under {@code /usr/bin/time}, one at a time. */
final class Commands {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int SECTOR = 512;

  private final Path folder;

  /** A runner that keeps its logs in {@code folder}. */
  Commands(Path folder) {
    this.folder = folder;
  }

  /** A command that failed, or did not end in a quarter of an hour. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1;

    FailedException(String message) {
      super(message);
    }
  }

  /**
   * Runs it to its end.
   *
   * @param environment is added to what this process has, without proxies and credentials
   */
  Measurement run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException, FailedException {
    Path times = folder.resolve("times");
    Path log = folder.resolve("output");
    List<String> all =
        new ArrayList<>(List.of("/usr/bin/time", "-f", "%U %S %M %O", "-o", times.toString()));
    all.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(n -> n.toUpperCase(Locale.ROOT).endsWith("_PROXY"));
    builder.environment().put("DOCKER_CONFIG", folder.toString());
    builder.environment().remove("REGISTRY_AUTH_FILE");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    long began = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new FailedException("not done after " + PATIENCE.toMinutes() + " minutes");
      }
    } finally {
      // Also where this program is interrupted; those below first.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    double wall = (System.nanoTime() - began) / 1e9;
    if (process.exitValue() != 0) {
      throw new FailedException("exit code " + process.exitValue() + ": " + lastLine(log));
    }
    String[] figures = Files.readString(times).strip().split(" ");
    return new Measurement(
        wall,
        Double.parseDouble(figures[0]) + Double.parseDouble(figures[1]),
        Double.parseDouble(figures[2]) / 1024,
        Double.parseDouble(figures[3]) * SECTOR);
  }

  /** The first line that a command prints, on either stream; empty if it can't be run. */
  static String firstLine(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      process.waitFor();
      return text.lines().findFirst().orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /** The last line that is no stack trace's. */
  private static String lastLine(Path log) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("\t"))
            .toList();
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }
}
