package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that other tools were told no name for, or a bare tag. */
class UnnamedImagesTest {
  private static final TestImages IMAGES = new TestImages();
  private static final Manifest AMD64 = IMAGES.image(TestImages.AMD64, IMAGES.layer("layer", 100));
  private static final Manifest ARM64 = IMAGES.image(TestImages.ARM64, IMAGES.layer("layer", 100));
  private static final Manifest INDEX = IMAGES.index(AMD64, ARM64);
  private static final Reference NAME = Reference.parse("quay.io/a/b:1");

  @TempDir Path folder;

  /** As oras lists an index with a referrer: children without a name, but with their platforms. */
  @Test
  void platformsAndReferrersAreNoImages() throws IOException {
    Manifest referrer =
        IMAGES.manifest(
            new String(AMD64.bytes(), StandardCharsets.UTF_8)
                .replaceFirst(
                    "\\{",
                    "{\"subject\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d},"
                        .formatted(INDEX.mediaType(), INDEX.digest(), INDEX.bytes().length))
                .getBytes(StandardCharsets.UTF_8));
    try (ArchiveReader reader =
        open(
            List.of(AMD64, ARM64, INDEX, referrer),
            entry(AMD64, ""),
            entry(ARM64, ""),
            entry(INDEX, "v1"),
            entry(referrer, ""))) {
      UnnamedImages unnamed = UnnamedImages.of(reader);
      assertThat(unnamed.all()).extracting(Descriptor::digest).containsExactly(INDEX.digest());
      assertThat(unnamed.platforms(unnamed.all().getFirst()))
          .containsExactly("linux/amd64", "linux/arm64");

      unnamed.name(NAME.repository(), Optional.empty());
      assertThat(reader.images())
          .singleElement()
          .satisfies(
              image -> assertThat(image.name()).isEqualTo(Reference.parse("quay.io/a/b:v1")));
      assertThat(reader.manifest(Reference.parse("quay.io/a/b:v1"))).isEqualTo(INDEX);
      assertThat(UnnamedImages.of(reader).all()).isEmpty();
    }
  }

  @Test
  void theOnlyImageTakesAnyName() throws IOException {
    for (String tag : List.of("", "v1", "no/tag:?")) {
      try (ArchiveReader reader = open(entry(AMD64, tag))) {
        UnnamedImages.of(reader).name(NAME.repository(), NAME.tag());
        assertThat(reader.manifest(NAME)).isEqualTo(AMD64);
      }
    }
  }

  @Test
  void severalTakeTheirTags() throws IOException {
    try (ArchiveReader reader = open(entry(AMD64, "amd64"), entry(ARM64, "arm64"))) {
      assertRefused(reader, NAME.tag(), "has 2 images without a name");
      UnnamedImages.of(reader).name(NAME.repository(), Optional.empty());
      assertThat(reader.images())
          .extracting(image -> image.name().toString())
          .containsExactly("quay.io/a/b:amd64", "quay.io/a/b:arm64");
    }
  }

  @Test
  void namesMustBeClear() throws IOException {
    try (ArchiveReader reader = open(entry(AMD64, ""))) {
      assertRefused(reader, Optional.empty(), "has no tag for " + AMD64.digest());
    }
    try (ArchiveReader reader = open(entry(AMD64, "v1"), entry(ARM64, "v1"))) {
      assertRefused(reader, Optional.empty(), "has another image named quay.io/a/b:v1");
    }
    try (ArchiveReader reader = open(entry(AMD64, "quay.io/a/b:1"))) {
      assertRefused(reader, NAME.tag(), "has no image without a name");
    }
  }

  /** As {@code skopeo copy ... oci-archive:FILE:shell:v1} writes it. */
  @Test
  void aNameWithoutARegistryCanBeReplaced() throws IOException {
    for (String name : List.of("shell:v1", "rancher/shell:v1")) {
      try (ArchiveReader reader = open(entry(AMD64, name), entry(ARM64, "quay.io/x/y:1"))) {
        UnnamedImages.of(reader).name(NAME.repository(), NAME.tag());
        assertThat(reader.images()).extracting(ArchivedImage::name).contains(NAME).hasSize(2);
        assertThat(reader.manifest(NAME)).isEqualTo(AMD64);
        assertThatThrownBy(() -> reader.manifest(Reference.parse(name)))
            .hasMessageContaining("has no image");
      }
    }
    try (ArchiveReader reader = open(entry(AMD64, "shell:v1"), entry(ARM64, "shell:v2"))) {
      assertRefused(reader, NAME.tag(), "has 2 images without a registry in their names");
      UnnamedImages.of(reader).name(NAME.repository(), Optional.empty());
      assertThat(reader.images())
          .extracting(image -> image.name().toString())
          .containsExactlyInAnyOrder("quay.io/a/b:v1", "quay.io/a/b:v2");
    }
    try (ArchiveReader reader = open(entry(AMD64, "shell:v1"), entry(ARM64, NAME.toString()))) {
      assertRefused(reader, NAME.tag(), "has another image named " + NAME);
    }
    try (ArchiveReader reader = open(entry(AMD64, "shell:v1"))) {
      UnnamedImages.of(reader).name(Reference.parse("shell:v1").repository(), Optional.empty());
      assertThat(reader.images()).hasSize(1);
    }
  }

  private static void assertRefused(ArchiveReader reader, Optional<String> tag, String because) {
    assertThatThrownBy(() -> UnnamedImages.of(reader).name(NAME.repository(), tag))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.OPTION))
        .hasMessageContaining(because);
  }

  private static String entry(Manifest manifest, String name) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"%s\":\"%s\"}}"
        .formatted(
            manifest.mediaType(),
            manifest.digest(),
            manifest.bytes().length,
            LayoutNames.REF_NAME,
            name);
  }

  private ArchiveReader open(String... entries) throws IOException {
    return open(List.of(AMD64, ARM64, INDEX), entries);
  }

  private ArchiveReader open(List<Manifest> manifests, String... entries) throws IOException {
    TarBuilder tar = new TarBuilder();
    Set<Digest> configs = new LinkedHashSet<>();
    for (Manifest manifest : manifests) {
      tar.blob(manifest.bytes());
      manifest.config().ifPresent(config -> configs.add(config.digest()));
    }
    configs.forEach(config -> tar.blob(IMAGES.content(config)));
    String index =
        Stream.of(entries)
            .collect(Collectors.joining(",", "{\"schemaVersion\":2,\"manifests\":[", "]}"));
    return ArchiveReader.open(tar.file("index.json", index).writeTo(folder.resolve("unnamed.tar")));
  }
}
