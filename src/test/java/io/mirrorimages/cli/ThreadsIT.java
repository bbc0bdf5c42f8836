package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.process.OutOfMemory;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many threads a run has, and what it says if the system gives it too few. */
class ThreadsIT {
  private static final int JOBS = 64;
  private static final int IMAGES = 100;
  private static final int LAYERS = 70;
  private static final int MOST_THREADS = 90;

  @TempDir private Path folder;

  @Test
  void manyImagesOfManyLayersTakeAsManyThreadsAsJobsAndAFew() throws Exception {
    TestImages images = new TestImages();
    List<String> names = new ArrayList<>();
    try (FaultyRegistry registry = new FaultyRegistry()) {
      for (int i = 0; i < IMAGES; i++) {
        TestImages.Layer[] layers = new TestImages.Layer[LAYERS];
        for (int j = 0; j < LAYERS; j++) {
          layers[j] = images.layer(i + "-" + j, 100);
        }
        Manifest manifest = images.image(TestImages.AMD64, layers);
        registry.addManifest("rancher/image-" + i, "v1", manifest.bytes(), manifest.mediaType());
        manifest.blobs().forEach(blob -> registry.addBlob(images.content(blob.digest())));
        names.add(registry.name() + "/rancher/image-" + i + ":v1");
      }
      CountDownLatch allAtWork = new CountDownLatch(JOBS);
      CountDownLatch counted = new CountDownLatch(1);
      registry.on(
          "GET",
          "/blobs/",
          exchange -> {
            allAtWork.countDown();
            await(counted);
            registry.properly(exchange);
          });
      Program.Running save =
          Program.in(folder)
              .start(
                  "save",
                  "--list",
                  Files.write(folder.resolve("list.txt"), names),
                  "--output",
                  folder.resolve("a.tar"),
                  "--jobs",
                  JOBS,
                  "--limit",
                  registry.name() + ":concurrency=" + JOBS);

      assertThat(allAtWork.await(120, TimeUnit.SECONDS)).isTrue();
      long threads = threads(save.process().pid());
      counted.countDown();

      assertThat(threads).isBetween((long) JOBS, (long) MOST_THREADS);
      assertThat(save.end().exitCode()).isZero();
    }
  }

  @Test
  void aLimitOfThreadsIsNotTakenForASmallHeap() throws Exception {
    Command refused = Program.in(folder).entering(NoThread.class).run();

    String line =
        refused.err().lines().filter(l -> l.startsWith("mirror-images")).findFirst().orElse("");
    assertThat(line).contains("threads", "ulimit -u", "--jobs").doesNotContain("-Xmx");
    assertThat(refused.exitCode()).isEqualTo(3);
  }

  /** Asks the system for a thread that it can't give. */
  static final class NoThread {
    private NoThread() {}

    public static void main(String[] arguments) {
      OutOfMemory.endsTheProcess(System.err);
      // No system has room for such a stack.
      new Thread(null, () -> {}, "too large", 1L << 47).start();
    }
  }

  private static long threads(long pid) throws IOException {
    try (var tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return tasks.count();
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
