package io.mirrorimages.registry;

import static io.mirrorimages.testing.FaultyRegistry.respond;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ByteCounts;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which bytes count as downloaded, uploaded and retransmitted. */
@Timeout(120)
class LineBytesTest {
  private static final int SIZE = 100_000;
  private static final int BROKEN_AFTER = 40_000;

  @TempDir Path folder;
  private final TestImages images = new TestImages();
  private FaultyRegistry from;
  private FaultyRegistry to;
  private Manifest image;
  private byte[] layer;
  private long blobs;

  @BeforeEach
  void start() throws IOException {
    from = new FaultyRegistry();
    to = new FaultyRegistry();
    TestImages.Layer made = images.layer("layer", SIZE);
    image = images.image(TestImages.AMD64, made);
    image.blobs().forEach(blob -> from.addBlob(images.content(blob.digest())));
    from.addManifest("rancher/a", "1", image.bytes(), image.mediaType());
    layer = images.content(made.descriptor().digest());
    blobs = image.blobs().stream().mapToLong(blob -> blob.size()).sum();
  }

  @AfterEach
  void stop() {
    from.close();
    to.close();
  }

  private ImageRequest request() {
    return new ImageRequest(
        Reference.parse(from.name() + "/rancher/a:1"), Reference.parse(to.name() + "/rancher/a:1"));
  }

  private static Mirror mirror(ImageSource source) {
    return new Mirror(
        source,
        new MirrorOptions(2, PlatformFilter.ALL, new Retries(2, Duration.ofMillis(1))),
        RunListener.NONE);
  }

  private ByteCounts sync() throws IOException {
    try (Registries source = new Registries(TestSettings.quick());
        Registries target = new Registries(TestSettings.quick());
        Mirror mirror = mirror(source.asSource())) {
      return counts(mirror.plan(List.of(request()), target.asTarget()).carryOut());
    }
  }

  private ByteCounts save() throws IOException {
    ArchiveSpec spec =
        new ArchiveSpec(folder.resolve("a.tar"), OptionalLong.empty(), Optional.empty(), false);
    try (Registries source = new Registries(TestSettings.quick());
        Mirror mirror = mirror(source.asSource())) {
      Plan plan = mirror.plan(List.of(new ImageRequest(request().source(), request().source())));
      try (ArchiveWriter archive = ArchiveWriter.create(spec, plan, "key")) {
        ByteCounts counts = counts(mirror.carryOut(plan, archive));
        archive.finish(plan.images());
        return counts;
      }
    }
  }

  private static ByteCounts counts(List<ImageResult> results) {
    assertThat(results).extracting(ImageResult::message).containsExactly("");
    return results.getFirst().counts();
  }

  private void breakOnce() {
    String layerPath = "/blobs/" + Digest.sha256(layer);
    from.on("GET", layerPath, 1, FaultyRegistry.truncated(layer, BROKEN_AFTER));
  }

  @Test
  void aSaveDownloads() throws IOException {
    assertThat(save()).isEqualTo(new ByteCounts(blobs, 0, 0));
  }

  @Test
  void whatAServerWithoutRangesSendsAgainIsRetransmitted() throws IOException {
    breakOnce();
    from.on("GET", "/blobs/" + Digest.sha256(layer), exchange -> respond(exchange, 200, layer));
    ByteCounts counts = save();

    assertThat(counts.downloaded()).isEqualTo(blobs);
    assertThat(counts.retransmitted()).isPositive().isLessThanOrEqualTo(BROKEN_AFTER);
  }

  @Test
  void whatIsResumedAtItsByteIsNotRetransmitted() throws IOException {
    breakOnce();
    assertThat(save()).isEqualTo(new ByteCounts(blobs, 0, 0));
  }

  @Test
  void aLoadUploads() throws IOException {
    save();
    try (ArchiveReader reader = ArchiveReader.open(folder.resolve("a.tar"));
        Registries target = new Registries(TestSettings.quick());
        Mirror mirror = mirror(reader)) {
      assertThat(counts(mirror.plan(List.of(request()), target.asTarget()).carryOut()))
          .isEqualTo(new ByteCounts(0, blobs, 0));
    }
  }

  @Test
  void aSyncDoesBoth() throws IOException {
    assertThat(sync()).isEqualTo(new ByteCounts(blobs, blobs, 0));
  }
}
