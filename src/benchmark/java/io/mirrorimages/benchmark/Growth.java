package io.mirrorimages.benchmark;

import io.mirrorimages.benchmark.Commands.FailedException;
import io.mirrorimages.benchmark.Results.Subject;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What planning takes as lists grow, at a registry that makes its answers up. */
final class Growth {
  /** What it is called in the table. */
  static final String PART = "growth";

  private static final List<Integer> COUNTS = List.of(1_000, 10_000, 100_000);

  private final Path folder;
  private final Commands commands;
  private final Path tool;
  private final Results results;

  Growth(Path folder, Commands commands, Path tool, Results results) {
    this.folder = folder;
    this.commands = commands;
    this.tool = tool;
    this.results = results;
  }

  /** What planning so many images is called in the table. */
  static String job(int count) {
    return "plan " + count + " images";
  }

  /** How many images are planned, one after another, at this scale. */
  static List<Integer> counts(double scale) {
    return COUNTS.stream().map(count -> Math.max(1, (int) (count * scale))).toList();
  }

  /** Plans lists of these lengths, in each run all of them. */
  void measure(List<Integer> counts, int runs) throws IOException, InterruptedException {
    try (SimulatedRegistry registry = new SimulatedRegistry()) {
      for (int run = 1; run <= runs; run++) {
        double before = 0;
        for (int count : counts) {
          Path list = list(registry, count);
          Measurement one;
          try {
            one =
                commands.run(
                    List.of(
                        tool.toString(),
                        "save",
                        "--dry-run",
                        "--list",
                        list.toString(),
                        "--output",
                        folder.resolve("none.tar").toString()),
                    Map.of());
          } catch (FailedException e) {
            results.failed(job(count) + ": " + e.getMessage());
            add(count, Goals.MEMORY, Results.FAILED);
            add(count, Goals.GROWN, Results.FAILED);
            return;
          }
          double each = one.wall() * 1000 / count;
          add(count, Goals.PER_IMAGE, each);
          add(count, Goals.MEMORY, one.memory());
          if (before > 0) {
            add(count, Goals.GROWN, each / before);
          }
          before = each;
        }
      }
    }
  }

  private void add(int count, String measure, double figure) {
    results.add(new Subject(PART, job(count), measure), Contender.OURS.name(), figure);
  }

  private Path list(SimulatedRegistry registry, int count) throws IOException {
    Path list = folder.resolve("growth.txt");
    try (BufferedWriter out = Files.newBufferedWriter(list)) {
      for (int i = 0; i < count; i++) {
        out.write(registry.address() + "/growth/app-" + i + ":v1\n");
      }
    }
    return list;
  }
}
