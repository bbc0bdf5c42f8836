package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that are OCI image layouts, as any tool may have written them. */
class FolderFilesTest {
  private static final TestImages IMAGES = new TestImages();
  private static final Manifest AMD64 = IMAGES.image(TestImages.AMD64, IMAGES.layer("a", 5000));
  private static final Manifest ARM64 = IMAGES.image(TestImages.ARM64, IMAGES.layer("b", 100));
  private static final Manifest INDEX = IMAGES.index(AMD64, ARM64);
  private static final Reference NAME = Reference.parse("rancher/a:1");

  @TempDir Path folder;
  private Path layout;

  @BeforeEach
  void write() throws IOException {
    layout = folder.resolve("layout");
    Files.createDirectories(layout.resolve("blobs/sha256"));
    Files.writeString(layout.resolve("oci-layout"), TarBuilder.LAYOUT);
    PlannedImage image = IMAGES.plan(NAME.toString(), INDEX);
    image.manifests().forEach(manifest -> write(manifest.digest()));
    image.blobs().forEach(blob -> write(blob.digest()));
    index(
        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"%s\":\"%s\"}}"
            .formatted(
                INDEX.mediaType(),
                INDEX.digest(),
                INDEX.bytes().length,
                LayoutNames.REF_NAME,
                NAME));
  }

  private void write(Digest digest) {
    try {
      Files.write(blob(digest), IMAGES.content(digest));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void index(String entry) throws IOException {
    Files.writeString(
        layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + entry + "]}");
  }

  private Path blob(Digest digest) {
    return layout.resolve(LayoutNames.blob(digest));
  }

  private ArchiveReader open() throws IOException {
    return ArchiveReader.openAll(List.of(new ImageLocation.OciLayout(layout)));
  }

  @Test
  void hasItsImagesWithTheirBytes() throws IOException {
    Descriptor layer = AMD64.layers().getFirst();
    try (ArchiveReader reader = open()) {
      assertThat(reader.images()).extracting(image -> image.name()).containsExactly(NAME);
      assertThat(reader.resolve(NAME)).contains(INDEX.digest());
      assertThat(reader.manifest(NAME)).isEqualTo(INDEX);
      assertThat(reader.manifest(NAME.at(ARM64.digest()))).isEqualTo(ARM64);
      assertThat(reader.has(NAME.repository(), layer)).isTrue();
      byte[] content = IMAGES.content(layer.digest());
      try (InputStream all = reader.open(NAME.repository(), layer, 0);
          InputStream rest = reader.open(NAME.repository(), layer, content.length - 10)) {
        assertThat(all.readAllBytes()).isEqualTo(content);
        assertThat(rest.readAllBytes())
            .isEqualTo(Arrays.copyOfRange(content, content.length - 10, content.length));
      }
    }
  }

  @Test
  void blobsThatAreBeingWrittenArePassedOver() throws IOException {
    Files.createDirectories(layout.resolve("incomplete"));
    Files.writeString(blob(AMD64.digest()).resolveSibling("oci-put-blob123"), "half");
    Files.writeString(layout.resolve("index.json.new"), "{");
    Files.createSymbolicLink(layout.resolve("latest"), layout);

    try (ArchiveReader reader = open()) {
      assertThat(reader.manifest(NAME)).isEqualTo(INDEX);
    }
  }

  @Test
  void noLinkIsFollowed() throws IOException {
    Path outside = Files.write(folder.resolve("outside"), AMD64.bytes());
    Files.delete(blob(AMD64.digest()));
    Files.createSymbolicLink(blob(AMD64.digest()), outside);

    assertRefused("is no regular file");
  }

  @Test
  void noFolderBehindALinkIsRead() throws IOException {
    Files.move(layout.resolve("blobs"), folder.resolve("blobs"));
    Files.createSymbolicLink(layout.resolve("blobs"), folder.resolve("blobs"));

    assertRefused("\"blobs\" is no regular file");
  }

  @Test
  void noIndexBehindALinkIsRead() throws IOException {
    Files.move(layout.resolve("index.json"), folder.resolve("index.json"));
    Files.createSymbolicLink(layout.resolve("index.json"), folder.resolve("index.json"));

    assertRefused("\"index.json\" is no regular file");
  }

  @Test
  void aLinkThatComesLaterIsNotFollowedEither() throws IOException {
    Descriptor layer = AMD64.layers().getFirst();
    try (ArchiveReader reader = open()) {
      Files.move(blob(layer.digest()), folder.resolve("moved"));
      Files.createSymbolicLink(blob(layer.digest()), folder.resolve("moved"));

      assertThatThrownBy(() -> reader.open(NAME.repository(), layer, 0))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Files.delete(blob(AMD64.digest()));
    assertThat(new ProcessBuilder("mkfifo", blob(AMD64.digest()).toString()).start().waitFor())
        .isZero();

    assertRefused("is no regular file");
  }

  @Test
  void aFolderInThePlaceOfABlobIsRefused() throws IOException {
    Files.delete(blob(AMD64.digest()));
    Files.createDirectory(blob(AMD64.digest()));

    assertRefused("is a folder in the place of a file");
  }

  @Test
  void aSecondIndexOfAnotherCaseIsRefused() throws IOException {
    Files.writeString(layout.resolve("Index.json"), "{}");

    assertRefused("would be in the place of index.json");
  }

  @Test
  void keysThatDifferInCaseAreRefused() throws IOException {
    Files.writeString(
        layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[],\"Manifests\":[]}");

    assertRefused("Manifests");
  }

  @Test
  void aDamagedManifestIsFoundOut() throws IOException {
    byte[] bytes = AMD64.bytes().clone();
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob(AMD64.digest()), bytes);

    try (ArchiveReader reader = open()) {
      assertThatThrownBy(() -> reader.manifest(NAME.at(AMD64.digest())))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("is damaged in");
    }
  }

  @Test
  void aBlobThatLostItsEndIsFoundOut() throws IOException {
    Descriptor layer = AMD64.layers().getFirst();
    try (ArchiveReader reader = open();
        InputStream in = reader.open(NAME.repository(), layer, 0)) {
      Files.write(blob(layer.digest()), "short".getBytes(StandardCharsets.UTF_8));

      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("ends in the middle of " + layer.digest().hex());
    }
  }

  @Test
  void whatIsNoLayoutIsSaid() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThatThrownBy(() -> ArchiveReader.openAll(List.of(new ImageLocation.OciLayout(empty))))
        .hasMessage(empty + " is no OCI image layout: it has no oci-layout");
    assertThatThrownBy(
            () ->
                ArchiveReader.openAll(
                    List.of(new ImageLocation.OciLayout(layout.resolve("oci-layout")))))
        .hasMessageContaining("is no folder: give it without oci:");
    assertThatThrownBy(
            () ->
                ArchiveReader.openAll(
                    List.of(new ImageLocation.OciLayout(folder.resolve("missing")))))
        .hasMessageContaining("does not exist")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.FILE_MISSING);
    assertThatThrownBy(() -> ArchiveReader.open(layout))
        .hasMessageEndingWith("give it as oci:" + layout);
  }

  private void assertRefused(String problem) {
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(problem)
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.CORRUPT);
  }
}
