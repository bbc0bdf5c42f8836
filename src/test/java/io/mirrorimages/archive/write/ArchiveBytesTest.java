package io.mirrorimages.archive.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run of the engine writes: the same bytes whatever comes first, and each byte once. */
class ArchiveBytesTest {
  private static final Path COUNTERS = Path.of("/proc/self/io");
  private static final int LAYER = 3_000_000;

  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final List<ImageRequest> requests = new ArrayList<>();

  @TempDir Path folder;

  @BeforeEach
  void fill() {
    Layer base = images.layer("base", LAYER);
    for (int i = 0; i < 4; i++) {
      Manifest image = images.image(TestImages.AMD64, base, images.layer("own" + i, LAYER / 2));
      add("docker.io/rancher/image-" + i + ":1", image);
      add("docker.io/rancher/index-" + i + ":1", images.index(image));
    }
  }

  @Test
  void theNumberOfJobsDoesNotShow() throws IOException {
    Path one = save("one.tar", 1);
    for (int jobs : List.of(2, 16)) {
      assertThat(save(jobs + ".tar", jobs)).hasSameBinaryContentAs(one);
    }
  }

  @Test
  void eachByteIsWrittenOnce() throws IOException {
    assumeTrue(Files.isReadable(COUNTERS), "no counters of what a process writes");
    long before = written();
    Path archive = save("once.tar", 4);
    long written = written() - before;

    assertThat(written).isBetween(unique(), unique() * 101 / 100);
    assertThat(Files.size(archive)).isBetween(unique(), unique() * 101 / 100);
  }

  private void add(String name, Manifest manifest) {
    source.add(images, name, manifest);
    requests.add(new ImageRequest(Reference.parse(name), Reference.parse(name)));
  }

  private Path save(String name, int jobs) throws IOException {
    Path archive = folder.resolve(name);
    Retries once = new Retries(0, Duration.ZERO);
    try (Mirror mirror =
        new Mirror(
            source,
            new MirrorOptions(jobs, new PlatformFilter(List.of()), once),
            RunListener.NONE)) {
      Plan plan = mirror.plan(requests);
      try (ArchiveWriter writer = ArchiveWriter.create(ArchiveSpec.of(archive), plan, "key")) {
        assertThat(mirror.carryOut(plan, writer))
            .extracting(ImageResult::status)
            .containsOnly(Status.COPIED);
        writer.finish(plan.images());
      }
    }
    return archive;
  }

  /** The sizes of all different blobs and manifests. */
  private long unique() {
    Map<String, Long> sizes = new HashMap<>();
    for (ImageRequest request : requests) {
      Manifest top = source.shown(request.source().toString()).orElseThrow();
      PlannedImage image = images.plan(request.source().toString(), top);
      for (Manifest manifest : image.manifests()) {
        sizes.put(manifest.digest().hex(), (long) manifest.bytes().length);
      }
      for (Descriptor blob : image.blobs()) {
        sizes.put(blob.digest().hex(), blob.size());
      }
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The bytes this process has handed to the system to be written, all files together. */
  private static long written() throws IOException {
    for (String line : Files.readAllLines(COUNTERS)) {
      if (line.startsWith("wchar: ")) {
        return Long.parseLong(line.substring(7));
      }
    }
    throw new AssertionError("no wchar in " + COUNTERS);
  }
}
