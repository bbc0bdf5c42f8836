package io.mirrorimages.registry.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ParallelDownloadPolicy;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.limit.HostBudgets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Layers that are fetched in four parts at once into an archive. */
@Timeout(300)
class SegmentsTest extends LargeLayer {
  // The usual way

  @Test
  void allPartsComeAtOnceAndMakeTheSameArchive() throws IOException {
    ParallelDownloadPolicy four = segments;
    segments = ParallelDownloadPolicy.OFF;
    assertCopied(save());
    Path inOneStream = spec.output();
    segments = four;
    spec = ArchiveSpec.of(folder.resolve("b.tar"));
    CyclicBarrier together = new CyclicBarrier(4);
    origin.on(
        "GET",
        "/blobs/" + layer.digest(),
        exchange -> {
          String[] ends = range(exchange).replace("bytes=", "").split("-");
          int from = Integer.parseInt(ends[0]);
          int to = ends.length > 1 ? Integer.parseInt(ends[1]) + 1 : size;
          begin(exchange, from, to, 1000);
          meet(together);
          exchange.getResponseBody().write(content, from + 1000, to - from - 1000);
        });

    assertCopied(save());

    assertThat(ranges(origin))
        .containsExactlyInAnyOrder(
            "", partFrom(0, 0), partFrom(1, 0), partFrom(2, 0), partFrom(3, 0));
    assertThat(spec.output()).hasSameBinaryContentAs(inOneStream);
  }

  private static void meet(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(120, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException("the others did not come", e);
    }
  }

  @Test
  void smallLayersComeAsAWhole() throws IOException {
    segments = new ParallelDownloadPolicy(4, ABOUT);
    assertCopied(save());
    assertThat(ranges(origin)).containsExactly("");
  }

  @Test
  void volumesAreFilledInPartsToo() throws IOException {
    stockMore(2);
    spec =
        new ArchiveSpec(
            folder.resolve("v.tar"), OptionalLong.of(1_200_000), Optional.empty(), false);

    assertCopied(save());

    assertThat(spec.finished()).hasSize(3);
    assertThat(ranges(origin)).hasSize(4);
    try (ArchiveReader reader = ArchiveReader.open(spec.finished())) {
      assertThat(reader.images()).hasSize(3);
      for (PlannedImage image : plan().images()) {
        for (Descriptor blob : image.blobs()) {
          try (InputStream in = reader.open(image.request().source().repository(), blob, 0)) {
            assertThat(Digest.sha256(in.readAllBytes())).isEqualTo(blob.digest());
          }
        }
      }
    }
  }

  // Limits

  @Test
  void noMoreConnectionsThanTheHostIsToHaveAndNoBlobWaitsForItself() throws IOException {
    stockMore(3);
    settings = settings.with(HostBudgets.none().with(origin.name() + ":concurrency=2"));
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    origin.on(
        "GET",
        "/blobs/",
        exchange -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          try {
            origin.properly(exchange);
          } finally {
            now.decrementAndGet();
          }
        });

    assertCopied(save());

    assertThat(most.get()).isBetween(1, 2);
    assertThat(ranges(origin)).hasSize(4);
  }

  @Test
  void oneConnectionIsEnough() throws IOException {
    stockMore(2);
    settings = settings.with(HostBudgets.none().with(origin.name() + ":concurrency=1"));

    assertCopied(save());

    assertThat(bytes(spec.output())).isEqualTo(content);
  }

  @Test
  void allPartsTogetherKeepTheRate() throws IOException {
    settings = settings.withMaxRate(OptionalLong.of(4_000_000));
    long began = System.nanoTime();

    assertCopied(save());

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(140));
  }

  private Plan plan() throws IOException {
    try (Registries side = open();
        Mirror mirror = mirror(side)) {
      return mirror.plan(requests());
    }
  }
}
