package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Samples of archives that other tools have made, among the test resources. */
final class ArchiveSamples {
  private static final Repository ANY = Reference.parse("a/b:1").repository();

  private ArchiveSamples() {}

  /** Decompresses a sample into {@code folder}. */
  static Path unpack(String name, Path folder) throws IOException {
    Path file = folder.resolve(name + ".tar");
    Files.write(file, bytes(name));
    return file;
  }

  /** The decompressed bytes of a sample. */
  static byte[] bytes(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(
                ArchiveSamples.class.getResourceAsStream("/archives/" + name + ".tar.gz")))) {
      return in.readAllBytes();
    }
  }

  /** Hashes all that the named images consist of, as far as it is there; how much that is. */
  static int assertWhole(ArchiveReader reader) throws IOException {
    int hashed = 0;
    for (ArchivedImage image : reader.images()) {
      hashed += assertWhole(reader, image.descriptor());
    }
    return hashed;
  }

  private static int assertWhole(ArchiveReader reader, Descriptor image) throws IOException {
    Manifest manifest = reader.manifest(image.digest(), image.mediaType());
    assertThat(Digest.sha256(manifest.bytes())).isEqualTo(image.digest());
    int hashed = 1;
    for (Descriptor child : manifest.children()) {
      hashed += reader.size(child.digest()).isPresent() ? assertWhole(reader, child) : 0;
    }
    for (Descriptor blob : manifest.blobs()) {
      assertThat(Digest.sha256(content(reader, blob))).isEqualTo(blob.digest());
      hashed++;
    }
    return hashed;
  }

  /** All bytes of a blob. */
  static byte[] content(ArchiveReader reader, Descriptor blob) throws IOException {
    try (InputStream in = reader.open(ANY, blob, 0)) {
      return in.readAllBytes();
    }
  }
}
