package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.tar.TarHeader;
import io.mirrorimages.image.Digest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutNamesTest {
  private static final Digest DIGEST = new Digest("sha256", "a0".repeat(32));
  private static final Digest LONG = new Digest("sha512", "b1".repeat(64));

  @Test
  void aBlobsFileIsNamedByItsDigest() {
    assertThat(LayoutNames.blob(DIGEST)).isEqualTo("blobs/sha256/" + "a0".repeat(32));
    assertThat(LayoutNames.blob(LONG)).isEqualTo("blobs/sha512/" + "b1".repeat(64));
  }

  /** The header of a blob is replaced in place by that of what it is until it is complete. */
  @Test
  void anIncompleteBlobIsNoneAndHasAHeaderOfTheSameLength() {
    for (Digest digest : new Digest[] {DIGEST, LONG}) {
      String name = LayoutNames.incomplete(digest);
      assertThat(name).endsWith(digest.algorithm() + "-" + digest.hex());
      assertThat(LayoutNames.top(name)).isEmpty();
      assertThat(TarHeader.of(name, 1)).hasSameSizeAs(TarHeader.of(LayoutNames.blob(digest), 1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "index.json, index.json",
    "INDEX.json, index.json",
    "Index.Json/x, index.json",
    "blobs, blobs",
    "Blobs/sha256/x, blobs",
    "oci-layout, oci-layout",
    "Manifest.json, manifest.json",
    "REPOSITORIES, repositories",
    "mirror-Images.json, mirror-images.json",
    "index.jso,",
    "blobs2/x,",
    "x/index.json,",
    "/blobs,",
    "'',"
  })
  void knowsTheTopOfALayoutInAnyCase(String path, String top) {
    assertThat(LayoutNames.top(path)).isEqualTo(Optional.ofNullable(top));
  }

  @ParameterizedTest
  @CsvSource({
    "dev.hauler/sigs, true, .sig",
    "dev.hauler/atts, true, .att",
    "dev.hauler/sboms, true, .sbom",
    "dev.hauler/referrers/sha256, true,",
    "dev.hauler/referrers, false,",
    "dev.hauler/image, false,",
    "'', false,"
  })
  void knowsWhatHaulerKeepsBesideAnImage(String kind, boolean attached, String suffix) {
    assertThat(LayoutNames.isAttachment(kind)).isEqualTo(attached);
    assertThat(LayoutNames.attachmentTag(kind, DIGEST))
        .isEqualTo(Optional.ofNullable(suffix).map(s -> "sha256-" + DIGEST.hex() + s));
  }
}
