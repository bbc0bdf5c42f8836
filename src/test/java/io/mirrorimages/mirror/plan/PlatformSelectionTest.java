package io.mirrorimages.mirror.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestBudget;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a platform filter leaves of an image, and what is read to know it. */
class PlatformSelectionTest {
  private static final Reference NAME = Reference.parse("h.io/a/b:1");

  private final TestImages images = new TestImages();
  private final Manifest amd64 = images.image(TestImages.AMD64, images.layer("amd64", 10));
  private final Manifest arm64 = images.image(TestImages.ARM64, images.layer("arm64", 10));
  private final Manifest windows =
      images.image(Platform.parse("windows/amd64"), images.layer("windows", 10));
  private final Manifest index = images.index(amd64, arm64, windows);
  private final MemoryRegistry memory = new MemoryRegistry();
  private final ManifestBudget held = new ManifestBudget();

  private Optional<PlatformSelection.Wanted> select(Manifest top, String... platforms)
      throws IOException {
    memory.add(images, "h.io/a/b:1", top);
    PlatformFilter filter = new PlatformFilter(Stream.of(platforms).map(Platform::parse).toList());
    return new PlatformSelection(
            filter,
            memory,
            new Retries(0, Duration.ZERO),
            new ManifestCache(memory, Optional.empty()))
        .of(NAME, top, held);
  }

  /** An index whose entries do not say what they are for. */
  private Manifest silent(Manifest... children) {
    StringBuilder entries = new StringBuilder();
    for (Manifest child : children) {
      entries
          .append(entries.isEmpty() ? "" : ",")
          .append(
              "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                  .formatted(child.mediaType(), child.digest(), child.bytes().length));
    }
    return images.manifest(
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted(MediaTypes.OCI_INDEX, entries)
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void withoutFilterEverythingIsWanted() throws IOException {
    assertThat(select(index)).contains(PlatformSelection.Wanted.of(index));
    assertThat(memory.requestCount()).isZero();
  }

  @Test
  void onePlatformIsItsManifestWhichIsNotFetched() throws IOException {
    Optional<PlatformSelection.Wanted> wanted = select(index, "linux/arm64");

    assertThat(wanted.orElseThrow().descriptor().digest()).isEqualTo(arm64.digest());
    assertThat(wanted.orElseThrow().manifest()).isEmpty();
    assertThat(memory.requestCount()).isZero();
  }

  @Test
  void severalPlatformsAreASmallerIndex() throws IOException {
    Manifest kept = select(index, "linux/arm64", "linux/amd64").orElseThrow().manifest().get();

    assertThat(kept.children())
        .extracting(Descriptor::digest)
        .containsExactly(amd64.digest(), arm64.digest());
    assertThat(select(index, "linux/arm64", "linux/amd64", "windows/amd64").get().manifest())
        .as("the exact bytes where all are wanted")
        .contains(index);
  }

  @Test
  void whatNobodyWantsIsNothing() throws IOException {
    assertThat(select(index, "linux/s390x")).isEmpty();
    assertThat(select(windows, "linux/amd64")).isEmpty();
  }

  @Test
  void aSingleManifestIsJudgedByItsConfig() throws IOException {
    assertThat(select(arm64, "linux/arm64")).contains(PlatformSelection.Wanted.of(arm64));
    assertThat(memory.requests("OPEN")).hasSize(1);
  }

  /** It runs nowhere, and is wanted everywhere. */
  @Test
  void aChartIsWanted() throws IOException {
    Manifest chart =
        images.artifact("application/vnd.cncf.helm.config.v1+json", "application/x", new byte[1]);

    assertThat(select(chart, "linux/amd64")).contains(PlatformSelection.Wanted.of(chart));
    assertThat(memory.requests("OPEN")).isEmpty();
  }

  @Test
  void whatTheIndexDoesNotSayTheConfigsDo() throws IOException {
    assertThat(select(silent(arm64, amd64), "linux/amd64").orElseThrow().descriptor().digest())
        .isEqualTo(amd64.digest());
    assertThat(memory.requests("OPEN")).hasSize(2);
    assertThat(held.digests()).contains(amd64.digest(), arm64.digest());
  }

  @Test
  void anIndexInAnIndexIsNotLookedInto() throws IOException {
    Manifest outer = silent(index, arm64);

    assertThat(select(outer, "linux/arm64", "linux/amd64").orElseThrow().manifest())
        .contains(outer);
    assertThat(memory.requests("OPEN")).hasSize(1);
  }

  /** BuildKit's caches are indexes with layers. */
  @Test
  void aCacheIsWanted() throws IOException {
    Descriptor layer = images.layer("cache", 9).descriptor();
    Manifest cache =
        images.manifest(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}]}"
                .formatted(MediaTypes.OCI_INDEX, layer.mediaType(), layer.digest(), layer.size())
                .getBytes(StandardCharsets.UTF_8));
    assertThat(cache.blobs()).as("is one").hasSize(1);

    assertThat(select(cache, "linux/amd64")).contains(PlatformSelection.Wanted.of(cache));
  }

  @Test
  void aConfigIsProvedAndBounded() throws IOException {
    Descriptor config = arm64.config().orElseThrow();
    Manifest huge = images.claiming(arm64, config, Manifest.LARGEST + 1L);
    assertThatThrownBy(() -> select(huge, "linux/arm64"))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("the image config has " + (Manifest.LARGEST + 1L) + " bytes");

    memory.add(images, "h.io/a/b:1", arm64);
    byte[] wrong = images.content(config.digest()).clone();
    wrong[wrong.length / 2] ^= 1;
    memory.spoil("h.io/a/b", config.digest(), wrong);
    PlatformSelection selection =
        new PlatformSelection(
            new PlatformFilter(List.of(TestImages.ARM64)),
            memory,
            new Retries(0, Duration.ZERO),
            new ManifestCache(memory, Optional.empty()));
    assertThatThrownBy(() -> selection.of(NAME, arm64, held))
        .isInstanceOf(DamagedBlobException.class);
    assertThat(Digest.sha256(wrong)).isNotEqualTo(config.digest());
  }
}
