package io.mirrorimages.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark at a thousandth of its size: that it works, not what it finds. */
class BenchmarkIT {
  @TempDir private Path folder;

  @Test
  @Timeout(600)
  void measuresEveryJobOfToolAndPeerAndLeavesNothingBehind() throws Exception {
    Options options =
        Options.parse(
            "--corpus",
            "large",
            "--only",
            "sync,save,load,growth",
            "--runs",
            "1",
            "--scale",
            "0.001",
            "--tool",
            System.getProperty("mirror-images.command"));
    Benchmark benchmark =
        new Benchmark(options, folder, new PrintStream(OutputStream.nullOutputStream()));

    benchmark.run();

    assertThat(benchmark.report().lines())
        .noneMatch(line -> line.startsWith("FAILED"))
        .anyMatch(line -> measured(line, "sync, cold", Goals.WALL, 3))
        .anyMatch(line -> measured(line, "sync, nothing changed", Goals.REQUESTS, 2))
        .anyMatch(line -> measured(line, "save, cold", Goals.WRITTEN, 2))
        .anyMatch(line -> measured(line, "load, cold", Goals.PER_MISSING, 2))
        .anyMatch(line -> measured(line, "load, blobs present", Goals.PER_PRESENT, 2))
        .anyMatch(line -> measured(line, "plan 100 images", Goals.PER_IMAGE, 1));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(Files::isDirectory).map(p -> p.getFileName().toString()))
          .containsExactly("state");
    }
  }

  /** Whether a row has figures of so many tools. */
  private static boolean measured(String line, String job, String measure, int tools) {
    List<String> cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
    return cells.contains(job)
        && cells.contains(measure)
        && cells.subList(5, cells.size() - 4).stream().filter(c -> !c.isEmpty()).count() >= tools;
  }
}
