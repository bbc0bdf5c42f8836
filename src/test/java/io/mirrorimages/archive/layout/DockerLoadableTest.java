package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which one of an image's platforms stands for it in a docker archive. */
class DockerLoadableTest {
  private final TestImages images = new TestImages();
  private final Manifest amd64 = images.image(TestImages.AMD64, images.layer("amd64", 9));
  private final Manifest arm64 = images.image(TestImages.ARM64, images.layer("arm64", 9));
  private final Manifest windows =
      images.image(Platform.parse("windows/amd64"), images.layer("windows", 9));

  @Test
  void isTheOneForLinuxOnAmd64() {
    assertThat(of(images.index(windows, arm64, amd64))).contains(new DockerLoadable(amd64, true));
    assertThat(of(images.index(amd64, arm64))).contains(new DockerLoadable(amd64, true));
    assertThat(of(images.index(arm64, images.index(amd64))))
        .as("in an index of the index")
        .contains(new DockerLoadable(amd64, true));
  }

  @Test
  void isTheFirstOneForLinuxElse() {
    Manifest arm = images.image(Platform.parse("linux/arm"), images.layer("arm", 9));

    assertThat(of(images.index(windows, arm, arm64))).contains(new DockerLoadable(arm, true));
  }

  @Test
  void isTheFirstOneIfNoneIsForLinux() {
    Manifest server = images.image(Platform.parse("windows/arm64"), images.layer("s", 9));

    assertThat(of(images.index(windows, server))).contains(new DockerLoadable(windows, false));
  }

  /** Nothing but its config says what system it is for. */
  @Test
  void aSingleManifestIsTakenToBeForLinux() {
    assertThat(of(windows)).contains(new DockerLoadable(windows, true));
  }

  @Test
  void anEntryWithoutPlatformIsTakenToBeForLinux() {
    Manifest index =
        images.manifest(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}]}"
                .formatted(
                    MediaTypes.OCI_INDEX, arm64.mediaType(), arm64.digest(), arm64.bytes().length)
                .getBytes(StandardCharsets.UTF_8));

    assertThat(of(index)).contains(new DockerLoadable(arm64, true));
  }

  @Test
  void attestationsAndArtifactsAreNone() {
    Manifest chart = images.artifact("application/x", MediaTypes.OCI_CONFIG, new byte[1]);
    Manifest attested =
        images.altered(
            images.index(amd64),
            "{\"architecture\":\"amd64\",\"os\":\"linux\"}",
            "{\"architecture\":\"unknown\",\"os\":\"unknown\"}");

    assertThat(of(images.index(chart, amd64))).contains(new DockerLoadable(amd64, true));
    assertThat(of(chart)).isEmpty();
    assertThat(of(attested)).as("an image of no system").isEmpty();
  }

  /** As cosign makes them: an image's config, and a layer that is no file system. */
  @Test
  void signaturesAreNone() {
    Manifest signature =
        images.artifact(
            MediaTypes.OCI_CONFIG, "application/vnd.dev.cosign.simplesigning.v1+json", new byte[2]);

    assertThat(of(signature)).isEmpty();
  }

  @Test
  void dockersOwnImagesAreLoadable() {
    Manifest docker = images.dockerImage(TestImages.AMD64, images.layer("docker", 9));

    assertThat(of(docker)).contains(new DockerLoadable(docker, true));
  }

  @Test
  void anImageWithALayerLeftOutIsNone() {
    Digest layer = amd64.layers().getFirst().digest();
    PlannedImage image = new PlannedImage(request(), amd64.digest(), List.of(amd64), Set.of(layer));

    assertThat(DockerLoadable.of(image, digest -> true)).isEmpty();
  }

  /** Another platform in its place would be a surprise. */
  @Test
  void nothingTakesThePlaceOfWhatIsNotAllThere() {
    PlannedImage image = images.plan("a/b:1", images.index(amd64, arm64));
    for (Descriptor missing : amd64.blobs()) {
      assertThat(DockerLoadable.of(image, digest -> !digest.equals(missing.digest()))).isEmpty();
    }
    Digest other = arm64.layers().getFirst().digest();
    assertThat(DockerLoadable.of(image, digest -> !digest.equals(other)))
        .contains(new DockerLoadable(amd64, true));
  }

  @Test
  void aPlatformThatIsNotPlannedIsNone() {
    Manifest index = images.index(amd64, arm64);
    PlannedImage image =
        new PlannedImage(request(), index.digest(), List.of(arm64, index), Set.of());

    assertThat(DockerLoadable.of(image, digest -> true)).contains(new DockerLoadable(arm64, true));
  }

  /** Each index lists the next one twice, so that there are 2^60 ways down. */
  @Test
  void anIndexIsVisitedOnce() {
    List<Manifest> all = new ArrayList<>(List.of(arm64));
    for (int depth = 0; depth < 60; depth++) {
      all.add(images.index(all.getLast(), all.getLast()));
    }
    PlannedImage image = new PlannedImage(request(), all.getLast().digest(), all, Set.of());

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThat(DockerLoadable.of(image, digest -> true))
                .contains(new DockerLoadable(arm64, true)));
  }

  private static ImageRequest request() {
    Reference name = Reference.parse("a/b:1");
    return new ImageRequest(name, name);
  }

  private Optional<DockerLoadable> of(Manifest top) {
    return DockerLoadable.of(images.plan("a/b:1", top), digest -> true);
  }
}
