package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sets of oc-mirror 2. The sample is the data of docker-registry 2.8.2 with the images of {@link
 * BundlesTest}, put into tars by hand after oc-mirror's internal/pkg/archive/archive.go
 * (BuildArchive) and permissive_adder.go at 855b64a: all repositories and half of the blobs, the
 * other blobs, and the notes of oc-mirror.
 */
class OcMirrorTest {
  private static final String APP =
      "sha256:c4fb3d1ae8e01478eba1ee5cbf44dc1114c5605a952d80f8624468a681fce60c";
  private static final String TOOL =
      "sha256:f65976e7efa283c4bdd5b332824ad537ef1165e76ce44cc4d608f9d8d6c535db";
  private static final String TAG =
      "docker/registry/v2/repositories/demo/app/_manifests/tags/1.0/current/link";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"123", "321", "213", "12"})
  void readsTheFilesOfASetTogether(String order) throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(files(order))) {
      assertThat(reader.images())
          .extracting(image -> image.name() + " " + image.descriptor().digest())
          .containsExactly("docker.io/demo/app:1.0 " + APP, "docker.io/demo/tool:2.0 " + TOOL);
      assertThat(ArchiveSamples.assertWhole(reader)).isEqualTo(8 + 1 + 4);
      assertThat(reader.files().getFirst().format()).isEqualTo("file system of a registry");
    }
  }

  @Test
  void saysThatFilesOfTheSetAreMissing() throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(files("13"))) {
      for (ArchivedImage image : reader.images()) {
        assertThatThrownBy(() -> ArchiveSamples.assertWhole(reader))
            .isInstanceOfSatisfying(
                TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.MISSING))
            .hasMessageEndingWith(
                "has no manifest "
                    + APP
                    + ": if it is one of several files, as oc-mirror writes them, give all of"
                    + " them together");
        assertThatThrownBy(() -> reader.manifest(Digest.sha256(new byte[0]), ""))
            .hasMessageContaining(": if it is one of several files")
            .message()
            .doesNotContain("platform");
        assertThatThrownBy(() -> reader.resolve(image.name()))
            .hasMessageContaining("has no image " + image.name() + ": if it is one of several");
      }
    }
    for (String nameless : List.of("2", "3", "23")) {
      try (ArchiveReader reader = ArchiveReader.open(files(nameless))) {
        assertThat(reader.images()).isEmpty();
      }
    }
  }

  @Test
  void aLaterSetHasTheBlobsThatTheEarlierOnesLack() throws IOException {
    List<Path> files = new ArrayList<>(files("123"));
    files.addFirst(later(APP).writeTo(folder.resolve("mirror_000001.tar")));
    try (ArchiveReader reader = ArchiveReader.open(files)) {
      assertThat(reader.images()).hasSize(2);
      assertThat(ArchiveSamples.assertWhole(reader)).isEqualTo(8 + 1 + 4);
    }
  }

  @Test
  void refusesSetsWhereATagHasMoved() throws IOException {
    List<Path> files = new ArrayList<>(files("123"));
    files.add(later(TOOL).writeTo(folder.resolve("mirror_000001.tar")));
    assertThatThrownBy(() -> ArchiveReader.open(files).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.OPTION))
        .hasMessageStartingWith("docker.io/demo/app:1.0 is one image in ")
        .message()
        .hasLineCount(1);
  }

  @Test
  void refusesWhatOcMirrorWouldNotWrite() throws IOException {
    String blob = "docker/registry/v2/blobs/sha256/aa/" + "a".repeat(64) + "/data";
    assertRefused(later(APP).special(blob.replace("/data", ""), '2'), "no regular file");
    assertRefused(later(APP).file("docker/registry/v2/../../../x", "x"), "points outside");
    assertRefused(later(APP).file(TAG, APP), "is there twice");
    assertRefused(later(APP).file(TAG.replace("1.0", "2.0"), "sha256:x"), "digest");
    assertRefused(later("x".repeat(300)), "more than the 256 allowed");
    String record = " path=" + blob.replace("/aa/", "/bb/") + "\n";
    assertRefused(
        later(APP).pax((record.length() + 3) + record).file("short", "x"),
        "is not where its digest belongs");
  }

  private static TarBuilder later(String digest) {
    return new TarBuilder().file(TAG, digest).file("isc_2026-11-28T20:00:00Z", "");
  }

  private List<Path> files(String numbers) throws IOException {
    List<Path> files = new ArrayList<>();
    for (char number : numbers.toCharArray()) {
      files.add(ArchiveSamples.unpack("oc-mirror-" + number, folder));
    }
    return files;
  }

  private void assertRefused(TarBuilder tar, String because) throws IOException {
    RefusedArchives.assertRefused(tar.writeTo(folder.resolve("bad.tar")), because);
  }
}
