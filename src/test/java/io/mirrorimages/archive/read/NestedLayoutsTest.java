package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;

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

/**
 * Image layouts in a folder of a tar; most of all zarf packages, made here by hand after zarf's
 * src/pkg/packager/assemble/assemble.go (getChecksum) and layout/package.go at 97a1b4d.
 */
class NestedLayoutsTest {
  private static final TestImages IMAGES = new TestImages();
  private static final Manifest IMAGE = IMAGES.image(TestImages.AMD64, IMAGES.layer("layer", 100));
  private static final String BLOB = "images/blobs/sha256/" + IMAGE.digest().hex();
  private static final String INDEX =
      "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"org.opencontainers.image.ref.name\":\"a/b:1\",\"org.opencontainers.image.base.name\":\"a/b:1\"}}]}"
          .formatted(IMAGE.digest(), IMAGE.bytes().length);

  @TempDir Path folder;

  @Test
  void readsTheLayoutWhateverElseThereIs() throws IOException {
    TarBuilder tar =
        layout("./artifacts/layout/")
            .special("./cnab/app/link", '2')
            .file("./bundle.json", "{}")
            .file("./cnab/index.json", "{}");
    assertReadable(tar);
  }

  @Test
  void checksTheFilesOfZarfPackages() throws IOException {
    assertReadable(zarf(checksums()));
    assertReadable(
        layout("images/")
            .file("zarf.yaml", "kind: ZarfPackageConfig")
            .file("checksums.txt", checksums()));
  }

  static Stream<Arguments> damagedPackages() {
    String index = hash(INDEX);
    return Stream.of(
        Arguments.of(
            zarf(checksums().replace(index, hash("other"))), "is damaged in images/index.json"),
        Arguments.of(
            zarf(checksums().replace(IMAGE.digest().hex() + " ", index + " ")),
            "is damaged in " + BLOB),
        Arguments.of(zarf(checksums().replace("images/index.json", "images/x")), "lacks images/x"),
        Arguments.of(
            zarf(checksums() + index + " images/index.json\n"), "\"images/index.json\" is twice"),
        Arguments.of(zarf(checksums() + "x\n"), "is damaged in checksums.txt"),
        Arguments.of(
            zarf(checksums()).file("images/blobs/sha256/" + hash("more"), "more"),
            "is not in checksums.txt"),
        Arguments.of(
            layout("images/")
                .file("zarf.yaml", "metadata:\n  aggregateChecksum: " + hash("other") + "\n")
                .file("checksums.txt", checksums()),
            "is damaged in checksums.txt"),
        Arguments.of(layout("images/").file("zarf.yaml", ""), "lacks checksums.txt"),
        Arguments.of(
            zarf(checksums()).file("checksums.txt", ""), "\"checksums.txt\" is there twice"));
  }

  @ParameterizedTest
  @MethodSource("damagedPackages")
  void refusesPackagesThatTheirChecksumsContradict(TarBuilder tar, String because)
      throws IOException {
    assertRefused(tar, because);
  }

  @Test
  void refusesWhatProgramsMayReadDifferently() throws IOException {
    assertRefused(
        layout("a/").file("b/oci-layout", TarBuilder.LAYOUT).file("b/index.json", INDEX),
        "has 2 image layouts, in a/ and b/");
    assertRefused(layout("a/").special("a", '2'), "\"a\" would be in the place of a/");
    assertRefused(layout("a/b/").special("a", '1'), "\"a\" would be in the place of a/b/");
    assertRefused(
        layout("a/").file("A/index.json", "{}"), "\"A/index.json\" would be in the place");
    assertRefused(layout("a/").special("a/blobs/sha256/" + hash("x"), '2'), "no regular file");
  }

  private static TarBuilder layout(String place) {
    return new TarBuilder()
        .file(place + "index.json", INDEX)
        .file(place + "oci-layout", TarBuilder.LAYOUT)
        .file(place + "blobs/sha256/" + IMAGE.digest().hex(), IMAGE.bytes());
  }

  private static TarBuilder zarf(String checksums) {
    return layout("images/")
        .file("checksums.txt", checksums)
        .file("components/demo.tar", "not looked at")
        .file(
            "zarf.yaml",
            "kind: ZarfPackageConfig\nmetadata:\n  name: demo\n  aggregateChecksum: "
                + hash(checksums)
                + "\n");
  }

  private static String checksums() {
    return "%s components/demo.tar\n%s %s\n%s images/index.json\n%s images/oci-layout\n"
        .formatted(
            hash("not looked at"),
            IMAGE.digest().hex(),
            BLOB,
            hash(INDEX),
            hash(TarBuilder.LAYOUT));
  }

  private static String hash(String text) {
    return Digest.sha256(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private void assertReadable(TarBuilder tar) throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(tar.writeTo(folder.resolve("good.tar")))) {
      assertThat(reader.images())
          .singleElement()
          .satisfies(image -> assertThat(reader.manifest(image.name())).isEqualTo(IMAGE));
    }
  }

  private void assertRefused(TarBuilder tar, String because) throws IOException {
    RefusedArchives.assertRefused(tar.writeTo(folder.resolve("bad.tar")), because);
  }
}
