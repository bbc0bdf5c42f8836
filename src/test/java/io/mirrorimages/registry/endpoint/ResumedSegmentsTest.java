package io.mirrorimages.registry.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.ParallelDownloadPolicy;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.registry.Registries;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs that are stopped among the parts of a layer, and gone on with. */
@Timeout(300)
class ResumedSegmentsTest extends LargeLayer {
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void endHanging() {
    end.countDown();
  }

  @Test
  void aStoppedRunIsGoneOnWithInEveryPart() throws Exception {
    int each = 100_000;
    CountDownLatch stuck = new CountDownLatch(4);
    hangingAfter(each, stuck);

    stopWhen(stuck);

    assertThat(UnfinishedArchive.find(spec).orElseThrow().keptBytes())
        .isBetween(4L * each, 4L * each + 10_000);
    goOn();
    assertThat(ranges(origin).subList(4, 8))
        .containsExactlyInAnyOrder(
            partFrom(0, 100_000), partFrom(1, 100_000), partFrom(2, 100_000), partFrom(3, 100_000));
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aStoppedRunIsGoneOnWithWithoutSegmentsFromItsFront() throws Exception {
    CountDownLatch stuck = new CountDownLatch(4);
    hangingAfter(100_000, stuck);
    stopWhen(stuck);
    segments = ParallelDownloadPolicy.OFF;

    goOn();

    assertThat(ranges(origin)).hasSize(5).last().isEqualTo("bytes=100000-");
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void aStoppedRunIsGoneOnWithAtAServerThatSendsNoPartsAnyMore() throws Exception {
    CountDownLatch stuck = new CountDownLatch(4);
    hangingAfter(100_000, stuck);
    stopWhen(stuck);
    origin.on("GET", "/blobs/" + layer.digest(), origin::whole);

    goOn();

    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void keptPartsThatWentBadAreFetchedAgain() throws Exception {
    CountDownLatch stuck = new CountDownLatch(4);
    hangingAfter(100_000, stuck);
    stopWhen(stuck);
    Path partial = folder.resolve("a.tar.partial");
    try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
      // In the second part, with some room for what comes before the layer.
      file.seek(300_000);
      int old = file.read();
      file.seek(300_000);
      file.write(old ^ 1);
    }

    goOn();

    assertThat(ranges(origin)).hasSize(12);
    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  /** The first four requests for parts get so many bytes and no more, until the test ends. */
  private void hangingAfter(int bytes, CountDownLatch stuck) {
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        4,
        exchange -> {
          String[] ends = range(exchange).replace("bytes=", "").split("-");
          int from = Integer.parseInt(ends[0]);
          int to = ends.length > 1 ? Integer.parseInt(ends[1]) + 1 : size;
          begin(exchange, from, to, bytes);
          stuck.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void stopWhen(CountDownLatch stuck) throws Exception {
    try (Registries side = open();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Mirror mirror = mirror(side)) {
      Plan plan = mirror.plan(requests());
      Runnable cut = side::close;
      try (ArchiveWriter archive = ArchiveWriter.create(spec, plan, KEY)) {
        Future<List<ImageResult>> results = executor.submit(() -> mirror.carryOut(plan, archive));
        while (!stuck.await(100, TimeUnit.MILLISECONDS)) {
          assertThat(results).as("it should hang").isNotDone();
        }
        arrived.acquire(4 * 100_000 + (int) manifest.config().orElseThrow().size());
        cut.run();
        assertThat(results.get(120, TimeUnit.SECONDS))
            .extracting(ImageResult::status)
            .doesNotContain(Status.COPIED);
      }
    }
  }

  private void goOn() throws IOException {
    UnfinishedArchive earlier = UnfinishedArchive.find(spec).orElseThrow();
    try (Registries side = open();
        Mirror mirror = mirror(side);
        ArchiveWriter archive = ArchiveWriter.resume(spec, earlier)) {
      assertCopied(mirror.carryOut(earlier.plan(), archive));
      archive.finish(earlier.plan().images());
    }
  }
}
