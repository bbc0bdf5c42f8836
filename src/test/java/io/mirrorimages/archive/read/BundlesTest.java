package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What tools for sealed rooms write. All samples are of the same images at a registry: demo/app:1.0
 * for two platforms and demo/tool:2.0 with manifests of Docker's type. They were made by
 *
 * <ul>
 *   <li>the Go code of zarf at 97a1b4d (src/pkg/images, Pull for amd64; src/pkg/archive), with
 *       checksums.txt and zarf.yaml as src/pkg/packager/assemble/assemble.go writes them;
 *   <li>imgpkg at its commit 240e878: {@code copy --to-tar} of an image and of a bundle of both;
 *   <li>the Go code of k0s at dff90ce (pkg/airgap, OCIArtifactsBundler) for linux/amd64;
 *   <li>skopeo 1.9.3 and GNU tar as kubean 0.37 runs them (artifacts/gen_airgap_pkgs.sh);
 *   <li>the Go code of Talos at ad88231 (pkg/imager/cache, Generate): flat with all platforms, and
 *       as an image for linux/amd64;
 *   <li>the Go code of KubeKey at 1c3204b (pkg/modules/image/repository.go) in a tar as its role
 *       download/package makes it.
 * </ul>
 */
class BundlesTest {
  private static final String HOST = "127.0.0.1:5000/demo/";
  private static final String APP =
      "sha256:c4fb3d1ae8e01478eba1ee5cbf44dc1114c5605a952d80f8624468a681fce60c";
  private static final String TOOL =
      "sha256:f65976e7efa283c4bdd5b332824ad537ef1165e76ce44cc4d608f9d8d6c535db";

  @TempDir Path folder;

  /** Index, two manifests, two configs, three layers; manifest, config, two layers. */
  private static final int ALL = 8 + 1 + 4;

  static Stream<Arguments> samples() {
    List<String> byTag = List.of(HOST + "app:1.0 " + APP, HOST + "tool:2.0 " + TOOL);
    return Stream.of(
        Arguments.of("imgpkg-image", "imgpkg tar", List.of(HOST + "app:1.0 " + APP), 9),
        Arguments.of(
            "imgpkg-bundle",
            "imgpkg tar",
            List.of(
                HOST
                    + "bundle:3.0"
                    + " sha256:5fb8171994c318ab152e1dc0cbfb0107cdc67d23c3e4fe19e17a1e82a3fc3873",
                HOST + "app@" + APP + " " + APP,
                HOST + "tool@" + TOOL + " " + TOOL),
            ALL + 3),
        Arguments.of(
            "k0s-bundle",
            "OCI image layout in a tar",
            List.of(
                HOST + "app:1.0 " + APP,
                HOST + "app@" + APP + " " + APP,
                HOST + "tool:2.0 " + TOOL),
            2 * 5 + 4),
        Arguments.of("talos-cache-flat", "Talos image cache", byTag, ALL),
        Arguments.of("kubekey-artifact", "KubeKey images", byTag, ALL),
        Arguments.of(
            "zarf-package",
            "OCI image layout in a folder of a tar",
            List.of(
                HOST + "tool:2.0 " + TOOL,
                HOST
                    + "app:1.0"
                    + " sha256:047dc364ab2f99876b13c141bbee38984e7c7d6f06452023f06cfc63f7443906"),
            2 * 4),
        Arguments.of(
            "kubean-offline-images",
            "OCI image layout in a folder of a tar",
            List.of(
                HOST
                    + "app:1.0"
                    + " sha256:047dc364ab2f99876b13c141bbee38984e7c7d6f06452023f06cfc63f7443906",
                HOST
                    + "tool:2.0"
                    + " sha256:5558241719da5ddad09504f259979efc6f6cfbaf0cc8a9751b673da3d663e080"),
            2 * 4));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readsWhatOtherToolsWrite(String sample, String format, List<String> images, int parts)
      throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(ArchiveSamples.unpack(sample, folder))) {
      assertThat(images(reader)).isEqualTo(images);
      assertThat(reader.files().getFirst().format()).isEqualTo(format);
      assertThat(reader.rebuilt()).isEmpty();
      assertThat(ArchiveSamples.assertWhole(reader)).isEqualTo(parts);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void noticesADamagedBlob(String sample) throws IOException {
    byte[] tar = ArchiveSamples.bytes(sample);
    // In the configs, the only files that have this in this form.
    String config = sample.startsWith("imgpkg") ? "\\\"Cmd\\\":[\\\"/app" : "\"Cmd\":[\"/app";
    int at = new String(tar, StandardCharsets.ISO_8859_1).indexOf(config);
    assertThat(at).isPositive();
    tar[at + config.length() - 1] ^= 1;
    Path file = Files.write(folder.resolve("damaged.tar"), tar);
    try (ArchiveReader reader = ArchiveReader.open(file)) {
      assertThatThrownBy(() -> ArchiveSamples.assertWhole(reader))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void readsTheCacheOfTalosInsideItsImage() throws IOException {
    byte[] layer;
    try (ArchiveReader reader =
        ArchiveReader.open(ArchiveSamples.unpack("talos-cache-oci", folder))) {
      Descriptor image = reader.unnamed().getFirst();
      Manifest manifest = reader.manifest(image.digest(), image.mediaType());
      layer = ArchiveSamples.content(reader, manifest.layers().getFirst());
    }
    Path file = folder.resolve("layer");
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(layer))) {
      Files.copy(in, file);
    }
    try (ArchiveReader reader = ArchiveReader.open(file)) {
      assertThat(images(reader))
          .containsExactly(HOST + "app:1.0 " + APP, HOST + "tool:2.0 " + TOOL);
      assertThat(ArchiveSamples.assertWhole(reader)).isEqualTo(5 + 4);
    }
  }

  @Test
  void readsFoldersToo() throws IOException {
    for (String sample : List.of("talos-cache-flat", "kubekey-artifact")) {
      Path target = folder.resolve(sample);
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(new ByteArrayInputStream(ArchiveSamples.bytes(sample)))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          if (entry.isFile()) {
            Path file = target.resolve(entry.getName());
            Files.createDirectories(file.getParent());
            Files.copy(tar, file);
          }
        }
      }
      Path images = target.resolve("images");
      try (ArchiveReader reader = ArchiveReader.open(Files.isDirectory(images) ? images : target)) {
        assertThat(images(reader))
            .containsExactly(HOST + "app:1.0 " + APP, HOST + "tool:2.0 " + TOOL);
        assertThat(ArchiveSamples.assertWhole(reader)).isEqualTo(ALL);
      }
    }
  }

  /** Where in a sample files lie that count. */
  static Stream<Arguments> places() {
    return Stream.of(
        Arguments.of("zarf-package", "images/blobs/sha256/"),
        Arguments.of("imgpkg-image", ""),
        Arguments.of("k0s-bundle", "blobs/sha256/"),
        Arguments.of("talos-cache-flat", "manifests/"),
        Arguments.of("kubekey-artifact", "images/"),
        Arguments.of("kubean-offline-images", "offline-images/blobs/sha256/"));
  }

  @ParameterizedTest
  @MethodSource("places")
  void refusesWhatNoToolWrites(String sample, String place) throws IOException {
    assertRefused(sample, tar -> tar.file(place + "../../../x", "x"), "points outside");
    assertRefused(sample, tar -> tar.special(place + "link", '2'), "is no regular file");
    assertRefused(sample, tar -> tar.special(place + "link", '1'), "is no regular file");
    assertRefused(sample, tar -> twice(tar, sample), "is there twice");
  }

  @ParameterizedTest
  @MethodSource("places")
  void noticesEveryPlaceWhereASampleMayEnd(String sample) throws IOException {
    byte[] tar = withoutEnd(sample);
    for (int length = 512; length < tar.length; length += 500) {
      Path file = folder.resolve("cut.tar");
      Files.write(file, Arrays.copyOf(tar, length));
      int end = length;
      assertThatThrownBy(() -> ArchiveReader.open(file).close())
          .as("%s up to %d", sample, end)
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
          .message()
          .hasLineCount(1);
    }
  }

  private static TarBuilder twice(TarBuilder tar, String sample) {
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(ArchiveSamples.bytes(sample)))) {
      TarArchiveEntry entry = in.getNextEntry();
      while (!entry.isFile()
          || !entry.getName().contains("sha256")
          || entry.getName().length() > 100) {
        entry = in.getNextEntry();
      }
      return tar.file(entry.getName(), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] withoutEnd(String sample) throws IOException {
    byte[] tar = ArchiveSamples.bytes(sample);
    int end = tar.length;
    while (tar[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(tar, (end + 511) / 512 * 512);
  }

  private void assertRefused(String sample, UnaryOperator<TarBuilder> change, String because)
      throws IOException {
    TarBuilder tar = new TarBuilder().raw(withoutEnd(sample));
    assertRefused(change.apply(tar), because);
  }

  private void assertRefused(TarBuilder tar, String because) throws IOException {
    RefusedArchives.assertRefused(tar.writeTo(folder.resolve("bad.tar")), because);
  }

  private static List<String> images(ArchiveReader reader) {
    return reader.images().stream()
        .map(image -> image.name() + " " + image.descriptor().digest())
        .toList();
  }
}
