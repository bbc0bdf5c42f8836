package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a registry and skopeo keep in folders, damaged and hostile. */
class ForeignFoldersTest {
  private static final TestImages IMAGES = new TestImages();
  private static final Manifest IMAGE = IMAGES.image(TestImages.AMD64, IMAGES.layer("layer", 100));
  private static final Reference NAME = Reference.parse("rancher/x:1");

  @TempDir Path folder;
  private Path registry;
  private Path link;

  @BeforeEach
  void makeRegistry() throws IOException {
    registry = folder.resolve("docker/registry/v2");
    link = registry.resolve("repositories/rancher/x/_manifests/tags/1/current/link");
    write(link, IMAGE.digest().toString().getBytes());
    write(blob(IMAGE.digest()), IMAGE.bytes());
  }

  @Test
  void findsTheImagesOfARegistryByTheirTags() throws IOException {
    assertThat(names()).containsExactly(NAME);
  }

  @Test
  void showsImagesOfARegistryWhoseManifestIsGoneAsMissing() throws IOException {
    Files.delete(blob(IMAGE.digest()));

    try (ArchiveReader reader = ArchiveReader.open(folder)) {
      assertThatThrownBy(() -> reader.manifest(NAME))
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.MISSING));
    }
  }

  @Test
  void doesNotTakeTheBytesOfARegistryForWhatTheirPathSays() throws IOException {
    Manifest other = IMAGES.image(TestImages.AMD64, IMAGES.layer("other", 100));
    write(blob(IMAGE.digest()), other.bytes());

    try (ArchiveReader reader = ArchiveReader.open(folder)) {
      assertThatThrownBy(() -> reader.manifest(NAME))
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT));
    }
  }

  @Test
  void refusesTagsThatAreNoDigestsAndBlobsInTheWrongPlace() throws IOException {
    write(link, "../../../../etc/passwd".getBytes());
    assertRefused("is a damaged file system of a registry: ");

    makeRegistry();
    write(registry.resolve("blobs/sha256/00/" + IMAGE.digest().hex() + "/data"), new byte[0]);
    assertRefused("is not where its digest belongs");
  }

  @Test
  void refusesLinks() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), IMAGE.bytes());
    Files.delete(blob(IMAGE.digest()));
    Files.createSymbolicLink(blob(IMAGE.digest()), secret);
    assertRefused("is no regular file");
  }

  @Test
  void namesTheImagesOfSkopeoByTheirFolders() throws IOException {
    Files.delete(link);
    Files.move(folder.resolve("docker"), folder.resolve("old"));
    Path image = folder.resolve("quay.io/a/b:2");
    write(image.resolve("version"), "Directory Transport Version: 1.1\n".getBytes());
    write(image.resolve("manifest.json"), IMAGE.bytes());

    assertThat(names()).containsExactly(Reference.parse("quay.io/a/b:2"));

    write(image.resolve("manifest.json"), "{}".getBytes());
    assertRefused("is damaged in quay.io/a/b:2/manifest.json: ");
    Files.delete(image.resolve("manifest.json"));
    assertRefused("is damaged in quay.io/a/b:2/manifest.json: it is not there");
  }

  private List<Reference> names() throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(folder)) {
      return reader.images().stream().map(ArchivedImage::name).toList();
    }
  }

  private void assertRefused(String expected) {
    assertThatThrownBy(() -> ArchiveReader.open(folder).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(expected);
  }

  private Path blob(Digest digest) {
    return registry.resolve(
        "blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex() + "/data");
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
