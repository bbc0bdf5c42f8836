package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveReaderTest {
  private final TestImages images = new TestImages();
  private final Layer layer = images.layer("layer", 200_000);
  private final Manifest child = images.image(TestImages.AMD64, layer);
  private final Manifest inner = images.index(child);
  private final PlannedImage image = images.plan("rancher/shell:v1", images.index(inner));
  private final Reference name = image.request().source();
  private final Repository repository = name.repository();

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("rancher.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file, List.of(image))) {
      images.store(image, writer);
      writer.finish(List.of(image));
    }
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(file)) {
      assertThat(reader.images())
          .containsExactly(new ArchivedImage(name, image.top().descriptor()));
      assertThat(reader.unnamed()).isEmpty();
      assertThat(reader.resolve(name)).contains(image.top().digest());
      assertThat(reader.manifest(name)).isEqualTo(image.top());
      for (Manifest manifest : image.manifests()) {
        assertThat(reader.manifest(name.at(manifest.digest()))).isEqualTo(manifest);
      }
      for (Descriptor blob : image.blobs()) {
        assertThat(reader.has(repository, blob)).isTrue();
        try (InputStream in = reader.open(repository, blob, 0)) {
          assertThat(in.readAllBytes()).isEqualTo(images.content(blob.digest()));
        }
      }
    }
  }

  @Test
  void readsFromAnOffset() throws IOException {
    byte[] content = images.content(layer.descriptor().digest());
    try (ArchiveReader reader = ArchiveReader.open(file);
        InputStream in = reader.open(repository, layer.descriptor(), 1000)) {
      assertThat(in.skip(500)).isEqualTo(500);
      assertThat(in.read()).isEqualTo(content[1500] & 0xff);
      assertThat(in.available()).isEqualTo(content.length - 1501);
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 1501, content.length));
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void aSizeThatIsNotTheBlobsIsNotTheBlob() throws IOException {
    Descriptor lie = new Descriptor("a/b", layer.descriptor().digest(), 5);
    try (ArchiveReader reader = ArchiveReader.open(file)) {
      assertThat(reader.has(repository, lie)).isFalse();
      assertThatThrownBy(() -> reader.open(repository, lie, 0))
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT));
    }
  }

  @Test
  void saysWhatItDoesNotHave() throws IOException {
    Digest unknown = Digest.sha256(new byte[] {1});
    try (ArchiveReader reader = ArchiveReader.open(file)) {
      for (Reference missing : List.of(Reference.parse("rancher/shell:v2"), name.at(unknown))) {
        assertMissing(() -> reader.resolve(missing));
        assertMissing(() -> reader.manifest(missing));
      }
      assertMissing(() -> reader.open(repository, new Descriptor("a/b", unknown, 1), 0));
    }
  }

  @Test
  void noticesAChangedManifest() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    byte[] manifest = image.top().bytes();
    int at = indexOf(bytes, manifest);
    bytes[at + manifest.length / 2] ^= 1;
    Files.write(file, bytes);

    try (ArchiveReader reader = ArchiveReader.open(file)) {
      assertThatThrownBy(() -> reader.manifest(name))
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
          .hasMessageContaining("damaged in " + LayoutNames.blob(image.top().digest()));
    }
  }

  @Test
  void aCancelledReaderDoesNotStopTheOthers() throws Exception {
    try (ArchiveReader reader = ArchiveReader.open(file);
        InputStream other = reader.open(repository, layer.descriptor(), 0)) {
      assertThat(other.read()).isNotNegative();
      Thread cancelled =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> reader.manifest(name))
                        .isInstanceOf(InterruptedIOException.class);
                  });
      cancelled.join();

      assertThat(other.readAllBytes())
          .hasSize(images.content(layer.descriptor().digest()).length - 1);
      assertThat(reader.manifest(name)).isEqualTo(image.top());
    }
  }

  @Test
  void noticesAFileThatIsCutWhileItIsRead() throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(file);
        InputStream in = reader.open(repository, layer.descriptor(), 0)) {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(Files.size(file) - 100_000);
      }
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("ends in the middle of blobs/sha256/");
    }
  }

  private static void assertMissing(ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.MISSING));
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }
}
