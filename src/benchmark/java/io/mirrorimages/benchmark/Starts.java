package io.mirrorimages.benchmark;

import io.mirrorimages.benchmark.Commands.FailedException;
import io.mirrorimages.benchmark.Results.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How long it takes to start and end. */
final class Starts {
  /** What it is called in the table. */
  static final String PART = "start";

  private static final int STARTS_PER_RUN = 3;

  private Starts() {}

  /** Measures {@code --version} some times in each run, after one that warms the file cache. */
  static void measure(Commands commands, Path tool, int runs, Results results)
      throws IOException, InterruptedException {
    Subject wall = new Subject(PART, Goals.VERSION, Goals.WALL);
    try {
      commands.run(List.of(tool.toString(), "--version"), Map.of());
      for (int i = 0; i < runs * STARTS_PER_RUN; i++) {
        Measurement one = commands.run(List.of(tool.toString(), "--version"), Map.of());
        results.add(wall, Contender.OURS.name(), one.wall());
      }
    } catch (FailedException e) {
      results.failed("--version: " + e.getMessage());
    }
  }
}
