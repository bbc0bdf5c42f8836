package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Talos and KubeKey would not write, or seldom; the rest is read in {@link BundlesTest}. */
class ManifestTreesTest {
  private static final TestImages IMAGES = new TestImages();
  private static final Manifest ONE = IMAGES.image(TestImages.AMD64, IMAGES.layer("one", 100));
  private static final Manifest TWO = IMAGES.image(TestImages.AMD64, IMAGES.layer("two", 100));
  private static final String HEX = "a".repeat(64);
  private static final String OTHER = "b".repeat(64);

  @TempDir Path folder;

  @Test
  void whatHasNoTagIsAnImageByItsDigest() throws IOException {
    try (ArchiveReader reader = open(talos("quay.io/a/digest/sha256-" + ONE.digest().hex(), ONE))) {
      assertThat(reader.images())
          .extracting(image -> image.name().toString())
          .containsExactly("quay.io/a@" + ONE.digest());
    }
    try (ArchiveReader reader =
        open(kubekey("index.docker.io/a/manifests/" + ONE.digest(), ONE.bytes()))) {
      assertThat(reader.images())
          .extracting(image -> image.name().toString())
          .containsExactly("docker.io/library/a@" + ONE.digest());
    }
  }

  @Test
  void refusesATagOfTwoImages() throws IOException {
    assertRefused(
        talos("docker.io/a/b/reference/1", ONE)
            .file("manifests/index.docker.io/a/b/reference/1", TWO.bytes()),
        "it gives the name docker.io/a/b:1 to two images");
    String layout = "{\"1\":\"%s\"}";
    assertRefused(
        kubekey(
                "docker.io/a/b/manifests/layout",
                layout.formatted(ONE.digest()).getBytes(StandardCharsets.UTF_8))
            .file("registry-1.docker.io/a/b/manifests/layout", layout.formatted(TWO.digest())),
        "it gives the name docker.io/a/b:1 to two images");
  }

  @Test
  void refusesNamesThatAreNone() throws IOException {
    assertRefused(talos("quay.io/A/reference/1", ONE), "names are lower case");
    assertRefused(talos("quay.io/a/reference/1:2", ONE), "not a tag");
    assertRefused(kubekey("q.io/a/manifests/layout", new byte[] {'['}), "is not JSON");
    assertRefused(
        kubekey("q.io/a/manifests/layout", "{\"1\":\"x\"}".getBytes(StandardCharsets.UTF_8)),
        "digest");
    assertRefused(
        talos("quay.io/a/reference/1", ONE)
            .file("manifests/q.io/b/reference/2", new byte[Manifest.LARGEST + 1]),
        "more than the " + Manifest.LARGEST + " allowed");
  }

  @Test
  void aManifestThatIsNotItsDigestSpoilsNoOther() throws IOException {
    try (ArchiveReader reader =
        open(
            talos("quay.io/a/reference/1", ONE)
                .file("manifests/quay.io/b/digest/sha256-" + OTHER, "not JSON"))) {
      assertThat(reader.images()).hasSize(2);
      assertThat(reader.manifest(reader.images().getFirst().name())).isEqualTo(ONE);
      assertThatThrownBy(() -> reader.manifest(reader.images().getLast().name()))
          .hasMessageContaining("is damaged in blobs/sha256/" + OTHER);
    }
  }

  @Test
  void saysWhichImageHasNoManifest() throws IOException {
    String layout = "{\"1\":\"sha256:" + HEX + "\"}";
    try (ArchiveReader reader =
        open(kubekey("q.io/a/manifests/layout", layout.getBytes(StandardCharsets.UTF_8)))) {
      assertThatThrownBy(() -> reader.resolve(reader.images().getFirst().name()))
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.MISSING))
          .hasMessageContaining("has no image q.io/a:1");
    }
  }

  private static TarBuilder talos(String name, Manifest manifest) {
    return new TarBuilder()
        .file("blob/sha256-" + HEX, "x")
        .file("manifests/" + name, manifest.bytes());
  }

  private static TarBuilder kubekey(String name, byte[] content) {
    return new TarBuilder()
        .file("blobs/sha256:" + Digest.sha256(content).hex(), content)
        .file(name, content);
  }

  private ArchiveReader open(TarBuilder tar) throws IOException {
    return ArchiveReader.open(tar.writeTo(folder.resolve("tree.tar")));
  }

  private void assertRefused(TarBuilder tar, String because) throws IOException {
    RefusedArchives.assertRefused(tar.writeTo(folder.resolve("bad.tar")), because);
  }
}
