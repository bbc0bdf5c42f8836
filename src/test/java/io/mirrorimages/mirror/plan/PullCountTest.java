package io.mirrorimages.mirror.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.RateLimitStatus;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How many manifests are foreseen to be wanted from places that count them. */
class PullCountTest {
  private final TestImages images = new TestImages();
  private final Manifest amd64 = images.image(TestImages.AMD64, images.layer("amd64", 10));
  private final Manifest arm64 = images.image(TestImages.ARM64, images.layer("arm64", 10));
  private final Manifest index = images.index(amd64, arm64);
  private final CountingSource source = new CountingSource(new MemoryRegistry());
  private final ManifestCache manifests = new ManifestCache(source, Optional.empty());

  private PullCount count(String... platforms) {
    return new PullCount(
        source, new PlatformFilter(Stream.of(platforms).map(Platform::parse).toList()), manifests);
  }

  private static ImageResolution draft(String name) {
    Reference reference = Reference.parse(name);
    return ImageResolution.of(new ImageRequest(reference, reference));
  }

  private static PullForecast only(List<PullForecast> forecasts) {
    assertThat(forecasts).hasSize(1);
    return forecasts.getFirst();
  }

  private static PullForecast of(long needed, boolean exact) {
    return new PullForecast(CountingSource.HUB, needed, exact);
  }

  @Test
  void beforeAnythingIsReadEachImageIsOne() throws IOException {
    ImageResolution pinned = draft("a/b@" + amd64.digest());
    ImageResolution known = draft("a/c:1").known(Optional.of(amd64.digest()));

    assertThat(only(count().ofImages(List.of(draft("a/b:1"), draft("a/b:2")))))
        .isEqualTo(of(2, false));
    assertThat(only(count().ofImages(List.of(pinned, known, draft("a/b:1")))))
        .as("the same digest is one")
        .isEqualTo(of(2, false));
  }

  @Test
  void whatIsReadIsNotWantedAgain() throws IOException {
    List<ImageResolution> read = List.of(draft("a/b:1").with(amd64), draft("a/c:1").with(index));

    assertThat(only(count().ofImages(read))).isEqualTo(of(2, true));
    assertThat(only(count().ofIndexes(read))).isEqualTo(of(2, true));
    assertThat(only(count().ofNothing(read))).isEqualTo(of(0, true));
  }

  @Test
  void whatHasEndedWantsNothing() throws IOException {
    ImageResolution done = draft("a/b:1");
    ImageResolution ended = done.ended(ImageResult.unfinished(done.request()));

    assertThat(only(count().ofImages(List.of(ended)))).isEqualTo(of(0, true));
  }

  @Test
  void whatIsOnThisMachineIsNotWanted() throws IOException {
    source.local.put(amd64.digest(), amd64);

    assertThat(only(count().ofIndexes(List.of(draft("a/b:1").with(index))))).isEqualTo(of(1, true));
  }

  /** How many that lists is not known before it is read. */
  @Test
  void anIndexInAnIndexIsAtLeastOne() throws IOException {
    Manifest outer = images.index(index, arm64);
    List<ImageResolution> drafts = List.of(draft("a/b:1").with(outer));

    assertThat(only(count().ofIndexes(drafts))).isEqualTo(of(2, false));
    source.local.put(index.digest(), index);
    assertThat(only(count().ofIndexes(drafts))).isEqualTo(of(2, true));
  }

  @Test
  void onlyWantedPlatformsAreFetched() throws IOException {
    List<ImageResolution> drafts = List.of(draft("a/b:1").with(index));

    assertThat(only(count("linux/amd64").ofIndexes(drafts))).isEqualTo(of(1, true));
    assertThat(only(count("linux/s390x").ofIndexes(drafts))).isEqualTo(of(0, true));
  }

  @Test
  void whatDoesNotSayItsPlatformHasToBeFetched() throws IOException {
    Manifest silent =
        images.manifest(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}]}"
                .formatted(
                    MediaTypes.OCI_INDEX, arm64.mediaType(), arm64.digest(), arm64.bytes().length)
                .getBytes(StandardCharsets.UTF_8));

    assertThat(only(count("linux/amd64").ofIndexes(List.of(draft("a/b:1").with(silent)))))
        .isEqualTo(of(1, false));
  }

  @Test
  void whatTheTargetShowsIsNotFetched() throws IOException {
    assertThat(shown(index.digest())).isZero();
    assertThat(shown(amd64.digest())).isEqualTo(2);
    assertThat(shown(amd64.digest(), "linux/amd64")).isZero();
    assertThat(shown(arm64.digest(), "linux/amd64")).isEqualTo(1);
    assertThat(shown(index.digest(), "linux/amd64")).isEqualTo(1);
    assertThat(shown(index.digest(), "linux/amd64", "linux/arm64")).isZero();
    assertThat(shown(amd64.digest(), "linux/amd64", "linux/arm64")).isEqualTo(2);
  }

  private long shown(Digest digest, String... platforms) throws IOException {
    ImageResolution draft = draft("a/b:1").with(index).shown(Optional.of(digest));
    return only(count(platforms).ofIndexes(List.of(draft))).needed();
  }

  @Test
  void eachPlaceIsCountedByItself() throws IOException {
    RateLimitStatus mirror = CountingSource.allowance("mirror.example", RateLimitStatus.Turn.FIRST);
    RateLimitStatus later = CountingSource.allowance("docker.io", RateLimitStatus.Turn.LATER);
    source.places = List.of(mirror, later);

    assertThat(count().ofImages(List.of(draft("a/b:1"), draft("a/b:2"))))
        .containsExactly(new PullForecast(mirror, 2, false), new PullForecast(later, 2, false));
    source.places = List.of();
    assertThat(count().ofImages(List.of(draft("a/b:1")))).isEmpty();
  }
}
