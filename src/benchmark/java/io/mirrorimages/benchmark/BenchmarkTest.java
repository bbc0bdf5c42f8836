package io.mirrorimages.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTest {
  @TempDir private Path folder;

  @Test
  void aBuildWithoutAStartUpCacheIsNamed() throws Exception {
    Path launcher = folder.resolve("bin").resolve("mirror-images");
    Path lib = Files.createDirectories(folder.resolve("lib"));

    assertThat(Benchmark.startUpCache(launcher)).contains("WITHOUT");
    Files.createFile(lib.resolve("mirror-images.aot"));
    assertThat(Benchmark.startUpCache(launcher)).isEmpty();
  }
}
