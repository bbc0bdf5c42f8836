package io.mirrorimages.job.save;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReusableArchivesTest {
  private static final MirrorOptions OPTIONS =
      new MirrorOptions(2, PlatformFilter.ALL, new Retries(1, Duration.ZERO));

  @TempDir Path folder;
  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final Manifest old = images.image(TestImages.AMD64, images.layer("old", 5000));
  private final Manifest fresh = images.image(TestImages.AMD64, images.layer("fresh", 5000));
  private Path output;

  @BeforeEach
  void saveTheOldOne() throws IOException {
    output = folder.resolve("rancher.tar");
    source.add(images, "rancher/old:1", old);
    save(source, ArchiveSpec.of(output), "rancher/old:1");
    source.add(images, "rancher/fresh:1", fresh);
    source.forgetRequests();
  }

  @Test
  void whatTheOldArchiveHasIsNotFetchedAgain() throws IOException {
    replace();

    assertThat(source.requests("OPEN")).hasSize(2).noneMatch(r -> r.contains("rancher/old"));
    assertThat(source.requests("GET")).noneMatch(r -> r.contains("rancher/old"));
    // Its tag may show something else by now: that is asked.
    assertThat(source.requests("HEAD")).anyMatch(r -> r.contains("rancher/old:1"));
  }

  @Test
  void whatIsDamagedInTheOldArchiveComesFromTheSource() throws IOException {
    String layer = old.layers().getFirst().digest().hex();
    String text = new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
    try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "rw")) {
      file.seek(text.indexOf("blobs/sha256/" + layer + "\0") + 512 + 100);
      file.write("spoilt".getBytes(StandardCharsets.UTF_8));
    }

    replace();

    assertThat(source.requests("OPEN")).hasSize(3).anyMatch(r -> r.contains(layer));
  }

  @Test
  void anArchiveThatCannotBeReadIsReplacedFromTheSource() throws IOException {
    Files.write(output, Arrays.copyOf(Files.readAllBytes(output), 700));

    replace();

    assertThat(source.requests("OPEN")).hasSize(4);
  }

  private void replace() throws IOException {
    ArchiveSpec spec = new ArchiveSpec(output, OptionalLong.empty(), Optional.empty(), true);
    try (ReusableArchives earlier = ReusableArchives.of(spec, Optional.empty(), Optional.empty())) {
      save(earlier.before(source), spec, "rancher/old:1", "rancher/fresh:1");
    }
  }

  private static void save(ImageSource from, ArchiveSpec spec, String... names) throws IOException {
    List<ImageRequest> requests =
        Stream.of(names).map(Reference::parse).map(r -> new ImageRequest(r, r)).toList();
    try (Mirror mirror = new Mirror(from, OPTIONS, RunListener.NONE)) {
      Plan plan = mirror.plan(requests);
      try (ArchiveWriter archive = ArchiveWriter.create(spec, plan, "key")) {
        assertThat(mirror.carryOut(plan, archive))
            .extracting(ImageResult::status)
            .containsOnly(Status.COPIED);
        archive.finish(plan.images());
      }
    }
  }
}
