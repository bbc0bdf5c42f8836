package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sample was written by "hauler store save" of hauler 2.1.0-dev (923a92d): an image with a
 * signature, an index with an attestation, which share a layer, and a file. It was cut as that
 * hauler and its version 2.0 do.
 */
class HaulsTest {
  private static final int CHUNK = 1024;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"haul.tar.zst.%03d", "haul_%d.tar.zst"})
  void readsChunks(String name) throws IOException {
    List<Path> chunks = cut(name);
    assertThat(chunks).hasSizeGreaterThan(2);
    for (List<Path> given : List.of(chunks, List.of(chunks.getFirst()))) {
      try (ArchiveReader reader = open(given)) {
        assertThat(reader.files()).hasSize(1);
        assertThat(reader.rebuilt()).isEmpty();
        assertThat(reader.images())
            .extracting(
                image ->
                    image.name().toString()
                        + " "
                        + image.descriptor().digest().hex().substring(0, 12))
            .containsExactly(
                "127.0.0.1:18977/tiny/two:v2 4cc8ee7ed8c1",
                "127.0.0.1:18977/rancher/tiny-one:v1 3abafa205ff9",
                "docker.io/hauler/note.txt:latest f85c60594517",
                "127.0.0.1:18977/rancher/tiny-one:sha256-3abafa205ff9020d73885468d572c872e11cb47a6fb4a65fe9ef592d51a8d581.sig"
                    + " dca92041622c");
      }
    }
  }

  @Test
  void namesAChunkThatIsMissing() throws IOException {
    List<Path> chunks = cut("haul.tar.zst.%03d");
    Path last = chunks.getLast();
    Files.delete(last);
    assertThatThrownBy(() -> open(chunks.subList(0, 1)).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
        .hasMessageContaining("if there was " + last.getFileName() + ", put it beside it")
        .hasMessageNotContaining("\n");
    Files.delete(chunks.get(1));
    assertThatThrownBy(() -> open(chunks.subList(0, 1)).close())
        .isInstanceOf(TransferException.class)
        .hasMessageStartingWith(chunks.get(1) + " does not exist, and ");
  }

  @Test
  void prefersTheIndexOfHaulerToThatForContainerd() throws IOException {
    TestImages images = new TestImages();
    Manifest image = images.image(TestImages.AMD64, images.layer("a", 10));
    String entry =
        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"io.containerd.image.name\":\"quay.io/a/%s:1\"}}";
    String one = entry.formatted(image.mediaType(), image.digest(), image.bytes().length, "b");
    String two = entry.formatted(image.mediaType(), image.digest(), image.bytes().length, "c");
    String other = entry.formatted(image.mediaType(), Digest.sha256(new byte[1]), 1, "b");
    try (ArchiveReader reader = ArchiveReader.open(haul(one + "," + two, one, image.bytes()))) {
      assertThat(reader.images())
          .extracting(i -> i.name().toString())
          .containsExactly("quay.io/a/b:1", "quay.io/a/c:1");
    }
    assertThatThrownBy(() -> ArchiveReader.open(haul(other, one, image.bytes())).close())
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("hauler would read its hauler-index.json, others its index.json");
  }

  private Path haul(String hauler, String containerd, byte[] blob) throws IOException {
    String index = "{\"schemaVersion\":2,\"manifests\":[%s]}";
    return Files.write(
        folder.resolve("haul.tar"),
        new TarBuilder()
            .blob(blob)
            .file("hauler-index.json", index.formatted(hauler))
            .file("index.json", index.formatted(containerd))
            .build());
  }

  private static ArchiveReader open(List<Path> files) throws IOException {
    return ArchiveReader.openAll(
        files.stream().map(ImageLocation.OciArchive::new).toList(),
        Optional.of(new Unpacker(null, event -> {})));
  }

  /** Chunks of equal length but the last, so that it is not known that one is missing. */
  private List<Path> cut(String name) throws IOException {
    byte[] whole;
    try (InputStream in =
        HaulsTest.class.getResourceAsStream("/archives/hauler-2.1.0-dev.tar.zst")) {
      whole = Objects.requireNonNull(in).readAllBytes();
    }
    int first = name.contains("_") ? 0 : 1;
    int count = (whole.length + CHUNK - 1) / CHUNK;
    for (int i = 0; i < count; i++) {
      Files.write(
          folder.resolve(name.formatted(i + first)),
          Arrays.copyOfRange(whole, i * CHUNK, Math.min(whole.length, (i + 1) * CHUNK)));
    }
    return IntStream.range(0, count)
        .mapToObj(i -> folder.resolve(name.formatted(i + first)))
        .toList();
  }
}
