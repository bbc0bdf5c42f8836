package io.mirrorimages.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine that this runs on, by Linux's {@code /proc}. */
final class Machine {
  private Machine() {}

  /** Processor, cores, memory, kernel. */
  static String describe() throws IOException {
    double memory = Double.parseDouble(value("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
    return "%s, %d cores, %.0f GiB of memory, Linux %s"
        .formatted(
            value("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            memory / (1 << 20),
            System.getProperty("os.version"));
  }

  /** How many processes wanted to run, on average, in the last minute. */
  static double load() throws IOException {
    return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }

  private static String value(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("0");
  }
}
