package io.mirrorimages.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.engine.Verifier;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A check of some platforms of images, which are there as a whole or in part. */
class VerifiedPlatformsTest {
  private static final String NAME = "rancher/a:1";
  private static final Retries ONCE = new Retries(0, Duration.ZERO);

  private final TestImages images = new TestImages();
  private final MemoryRegistry source = new MemoryRegistry();
  private final MemoryRegistry target = new MemoryRegistry();
  private final TestImages.Layer armLayer = images.layer("arm", 100);
  private Manifest index;

  @BeforeEach
  void fill() {
    index =
        images.index(
            images.image(TestImages.AMD64, images.layer("amd", 100)),
            images.image(TestImages.ARM64, armLayer),
            images.image(Platform.parse("linux/s390x"), images.layer("s390x", 100)));
    source.add(images, NAME, index);
  }

  @ParameterizedTest
  @CsvSource({
    "'', FAILED",
    "linux/amd64, VERIFIED",
    "linux/arm64, FAILED",
    "'linux/amd64,linux/s390x', VERIFIED",
    "'linux/amd64,linux/arm64', FAILED",
    "linux/riscv64, SKIPPED"
  })
  void onlyTheWantedPartHasToBeThere(String platforms, Status status) {
    source.spoil("docker.io/rancher/a", armLayer.descriptor().digest(), null);

    ImageResult result = verify(source, platforms, request(index.digest()));

    assertThat(result.status()).as(result.message()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux/amd64", "linux/arm64", "linux/amd64,linux/s390x"})
  void aTagMayShowThePartThatWasBrought(String platforms) throws IOException {
    bring(platforms);

    assertThat(verify(target, platforms, request(index.digest())).status())
        .isEqualTo(Status.VERIFIED);
    ImageResult other = verify(target, "linux/riscv64,linux/amd64", request(index.digest()));
    assertThat(other.status()).isEqualTo(Status.FAILED);
    assertThat(other.message()).contains("its tag shows");
    assertThat(verify(target, "", request(index.digest())).message())
        .contains("its tag shows", "not " + index.digest());
  }

  @Test
  void aTagMayShowTheWholeImageToo() throws IOException {
    bring("");
    assertThat(verify(target, "linux/amd64", request(index.digest())).status())
        .isEqualTo(Status.VERIFIED);
  }

  @Test
  void whatTheOriginalHasForNoWantedPlatformNeedNotBeThere() {
    ImageResult skipped = verify(target, "linux/riscv64", request(index.digest()));
    assertThat(skipped.status()).as(skipped.message()).isEqualTo(Status.SKIPPED);
    assertThat(skipped.message()).isEqualTo("it has no platform of linux/riscv64");

    assertThat(verify(target, "linux/amd64", request(index.digest())).status())
        .isEqualTo(Status.FAILED);
    assertThat(verify(target, "linux/riscv64", request(Digest.sha256(new byte[1]))).status())
        .as("an image that the original does not have")
        .isEqualTo(Status.FAILED);
  }

  @Test
  void aTagThatShowsAnotherImageIsAFailureAlsoWhereThePinIsUnknown() throws IOException {
    bring("linux/amd64");
    Digest unknown = Digest.sha256(new byte[] {1});

    ImageResult result = verify(target, "linux/amd64", request(unknown));

    assertThat(result.reason()).contains(FailureKind.MISSING);
    assertThat(result.message()).contains("its tag shows", "not " + unknown);
  }

  @Test
  void aChartIsCheckedWhateverThePlatform() {
    Manifest chart =
        images.artifact("application/vnd.cncf.helm.config.v1+json", "x/y", new byte[3]);
    source.add(images, NAME, chart);

    ImageResult result = verify(source, "linux/riscv64", request(chart.digest()));

    assertThat(result.status()).isEqualTo(Status.VERIFIED);
    assertThat(result.anyPlatform()).isTrue();
  }

  private void bring(String platforms) throws IOException {
    try (Mirror mirror =
        new Mirror(source, new MirrorOptions(2, filter(platforms), ONCE), RunListener.NONE)) {
      Reference name = Reference.parse(NAME);
      assertThat(mirror.plan(List.of(new ImageRequest(name, name)), target.asTarget()).carryOut())
          .extracting(ImageResult::status)
          .containsExactly(Status.COPIED);
    }
  }

  private ImageResult verify(ImageSource place, String platforms, ImageRequest request) {
    try (Verifier verifier =
        new Verifier(place, true, 2, ONCE, RunListener.NONE).only(filter(platforms), source)) {
      return verifier.verify(List.of(request)).getFirst();
    }
  }

  /** As a check of an archive asks for the images that it has. */
  private static ImageRequest request(Digest pin) {
    return new ImageRequest(Reference.parse(NAME + "@" + pin), Reference.parse(NAME));
  }

  private static PlatformFilter filter(String platforms) {
    return new PlatformFilter(
        Stream.of(platforms.split(",")).filter(p -> !p.isEmpty()).map(Platform::parse).toList());
  }
}
