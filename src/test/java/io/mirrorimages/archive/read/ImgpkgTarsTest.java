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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What imgpkg would not write; what it writes is read in {@link BundlesTest}. */
class ImgpkgTarsTest {
  private static final TestImages IMAGES = new TestImages();
  private static final Manifest ONE = IMAGES.image(TestImages.AMD64, IMAGES.layer("one", 100));
  private static final Manifest TWO = IMAGES.image(TestImages.AMD64, IMAGES.layer("two", 100));

  @TempDir Path folder;

  static Stream<Arguments> broken() {
    String one = item(ONE, ONE.digest(), "1");
    return Stream.of(
        Arguments.of(
            one + "," + item(TWO, TWO.digest(), "1"),
            "it gives the name h.example/a:1 to two images"),
        Arguments.of(item(ONE, TWO.digest(), "1"), "calls " + ONE.digest() + " by another digest"),
        Arguments.of(
            one.replace("\"ImageIndex\":null", "\"ImageIndex\":{}"), "not one image or one index"),
        Arguments.of(one.replace("\"Raw\":\"\"", "\"raw\":\"\""), "has the key \"raw\""),
        Arguments.of(one.replace("sha256:", "md5:"), "digest"),
        Arguments.of(one + ",1", "has an entry that is no JSON object"),
        Arguments.of(one + "] [", "has more than one JSON document"),
        Arguments.of(one + ",{\"Image", "is not JSON"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void refuses(String items, String because) throws IOException {
    Path file = tar(items).writeTo(folder.resolve("bad.tar"));
    assertThatThrownBy(() -> ArchiveReader.open(file).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
        .message()
        .startsWith(file.toString())
        .contains("is no whole imgpkg tar: ", because)
        .hasLineCount(1);
  }

  @Test
  void anImageWhoseManifestIsNotItsDigestsSpoilsNoOther() throws IOException {
    String bad = item(TWO, TWO.digest(), "2").replace("\"Raw\":\"{", "\"Raw\":\" {");
    Path file = tar(item(ONE, ONE.digest(), "1") + "," + bad).writeTo(folder.resolve("one.tar"));
    try (ArchiveReader reader = ArchiveReader.open(file)) {
      assertThat(reader.images()).hasSize(2);
      assertThat(reader.manifest(reader.images().getFirst().name())).isEqualTo(ONE);
      assertThatThrownBy(() -> reader.manifest(reader.images().getLast().name()))
          .hasMessageContaining("is damaged in blobs/sha256/" + TWO.digest().hex());
    }
  }

  private static TarBuilder tar(String items) {
    return new TarBuilder().file("manifest.json", "[" + items + "]");
  }

  private static String item(Manifest manifest, Digest named, String tag) {
    return "{\"ImageIndex\":null,\"Image\":{\"Refs\":[\"h.example/a@%s\"],\"Layers\":[],\"Config\":{\"Digest\":\"%s\",\"Raw\":\"\"},\"Manifest\":{\"MediaType\":\"%s\",\"Digest\":\"%s\",\"Raw\":\"%s\"},\"Tag\":\"%s\"}}"
        .formatted(
            named,
            manifest.config().orElseThrow().digest(),
            manifest.mediaType(),
            manifest.digest(),
            new String(manifest.bytes(), StandardCharsets.UTF_8).replace("\"", "\\\""),
            tag);
  }
}
