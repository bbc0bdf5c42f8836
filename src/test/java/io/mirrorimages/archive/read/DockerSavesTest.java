package io.mirrorimages.archive.read;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Docker archives, which keep no manifests. The samples are of Docker 20.10.24 (two of the images
 * have one layer, so there are links) and of crane 0.22.1, of the same three images; what attackers
 * write is refused.
 */
class DockerSavesTest {
  private static final Repository ANY = Reference.parse("a/b:1").repository();
  private static final byte[] BASE = utf8("base layer");
  private static final byte[] TOP = utf8("top layer");

  /** Of tiny-base:v1, tiny-tool:v1 and tiny-tool:v2 with layers that are not compressed. */
  private static final List<String> DIGESTS =
      List.of("sha256:05912f4f7de7", "sha256:b672a4332a46", "sha256:e098acb8c147");

  @TempDir Path folder;

  @Test
  void readsDockerSaveWithLinksBetweenLayers() throws IOException {
    try (ArchiveReader reader = sample("docker-20.10-save")) {
      assertThat(names(reader))
          .containsExactly(
              "docker.io/rancher/tiny-base:v1",
              "docker.io/rancher/tiny-tool:v1",
              "docker.io/rancher/tiny-tool:v2");
      assertThat(reader.images()).extracting(DockerSavesTest::digest).isEqualTo(DIGESTS);
      assertThat(reader.rebuilt()).hasSize(1);
      assertThat(reader.files().getFirst().format()).isEqualTo("docker archive");
      assertThat(reader.files().getFirst().blobs()).hasSize(3 + 3 + 2);
      assertWhole(reader, MediaTypes.OCI_LAYER);
    }
  }

  @Test
  void theSameImagesHaveTheSameDigestsFromAnotherTool() throws IOException {
    try (ArchiveReader reader = sample("crane-legacy")) {
      assertThat(reader.images())
          .extracting(DockerSavesTest::digest)
          .containsExactlyInAnyOrderElementsOf(DIGESTS);
      assertWhole(reader, MediaTypes.OCI_LAYER);
    }
  }

  @Test
  void readsCompressedLayersUnderTheDigestsThatCraneNamesThemBy() throws IOException {
    try (ArchiveReader reader = sample("crane-tarball")) {
      assertThat(names(reader))
          .containsExactly(
              "127.0.0.1:18977/rancher/tiny-base:v1",
              "127.0.0.1:18977/rancher/tiny-tool:v1",
              "127.0.0.1:18977/rancher/tiny-tool:v2");
      assertWhole(reader, MediaTypes.OCI_LAYER_GZIP);
    }
  }

  @Test
  void whatWasSavedByItsIdHasNoName() throws IOException {
    try (ArchiveReader reader = sample("docker-20.10-save-id")) {
      assertThat(reader.images()).isEmpty();
      assertThat(reader.unnamed())
          .singleElement()
          .satisfies(image -> assertThat(image.digest().toString()).startsWith(DIGESTS.get(2)));
    }
  }

  @Test
  void theManifestIsMadeOfConfigAndLayersAlone() throws IOException {
    byte[] config = config(BASE, TOP);
    try (ArchiveReader reader = open(archive("\"x:1\", \"docker.io/library/x:2\""))) {
      Manifest manifest = reader.manifest(Reference.parse("x:1"));
      assertThat(new String(manifest.bytes(), StandardCharsets.UTF_8))
          .isEqualTo(
              "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                  + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
                  + "\"digest\":\"%s\",\"size\":%d},\"layers\":[%s,%s]}",
              Digest.sha256(config), config.length, layer(BASE), layer(TOP));
      assertThat(reader.manifest(Reference.parse("x:2"))).isEqualTo(manifest);
    }
  }

  private static String layer(byte[] bytes) {
    return "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(Digest.sha256(bytes), bytes.length);
  }

  /** A digest in a name is that of the manifest which is lost; docker prints none for no name. */
  @Test
  void namesImagesByTagAlone() throws IOException {
    String digest = "sha256:" + "a".repeat(64);
    for (String none : List.of("", "\"<none>:<none>\"", "\"x@" + digest + "\"", "\"X:1\"")) {
      try (ArchiveReader reader = open(archive(none))) {
        assertThat(names(reader)).isEmpty();
        assertThat(reader.unnamed()).hasSize(1);
      }
    }
    try (ArchiveReader reader = open(archive("\"quay.io/x:1@" + digest + "\""))) {
      assertThat(names(reader)).containsExactly("quay.io/x:1");
    }
  }

  /** What one image claims makes no other one fail, in whatever order. */
  @Test
  void takesOfTwoFilesThatAreSaidToBeOneLayerTheOneThatIs() throws IOException {
    for (boolean wrongFirst : List.of(true, false)) {
      TarBuilder tar =
          new TarBuilder().file("wrong.tar", "x").file("base.tar", BASE).file("top.tar", TOP);
      byte[] config = config(BASE);
      String good = item("c.json", "\"good:1\"", "base.tar");
      String bad = item("c.json", "\"bad:1\"", "wrong.tar");
      tar.file("c.json", config)
          .file("manifest.json", "[" + (wrongFirst ? bad + "," + good : good + "," + bad) + "]");
      try (ArchiveReader reader = open(tar)) {
        Manifest manifest = reader.manifest(Reference.parse("good:1"));
        assertThat(content(reader, manifest.layers().getFirst())).isEqualTo(BASE);
      }
    }
  }

  @Test
  void hashesCompressedLayersWhoseNamesDoNotSayTheirDigest() throws IOException {
    byte[] zipped = zipped(BASE);
    TarBuilder tar =
        new TarBuilder()
            .file("a/layer.tar", zipped)
            // A name that is the digest of something else.
            .file(Digest.sha256(TOP).hex() + ".tar.gz", zipped(TOP))
            .file("c.json", config(BASE, TOP))
            .file(
                "manifest.json",
                "["
                    + item("c.json", "\"x:1\"", "a/layer.tar", Digest.sha256(TOP).hex() + ".tar.gz")
                    + "]");
    try (ArchiveReader reader = open(tar)) {
      assertWhole(reader, MediaTypes.OCI_LAYER_GZIP);
    }
  }

  /** Container engines refuse such a layer when they have decompressed it. */
  @Test
  void aCompressedLayerThatContradictsItsConfigIsDamaged() throws IOException {
    byte[] cut = Arrays.copyOf(zipped(BASE), 15);
    for (Map.Entry<byte[], String> layer :
        Map.of(
                zipped(TOP),
                "which is %s decompressed where its config says %s"
                    .formatted(Digest.sha256(TOP), Digest.sha256(BASE)),
                cut,
                "which can't be decompressed")
            .entrySet()) {
      String name = Digest.sha256(layer.getKey()).hex() + ".tar.gz";
      TarBuilder tar =
          new TarBuilder()
              .file(name, layer.getKey())
              .file("c.json", config(BASE))
              .file("manifest.json", "[" + item("c.json", "\"x:1\"", name) + "]");
      try (ArchiveReader reader = open(tar)) {
        Descriptor blob = reader.manifest(Reference.parse("x:1")).layers().getFirst();
        assertThat(blob.digest()).isEqualTo(Digest.sha256(layer.getKey()));
        assertThatThrownBy(() -> content(reader, blob))
            .isInstanceOfSatisfying(
                TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
            .hasMessageContaining("is damaged in layer " + blob.digest() + ", " + layer.getValue());
      }
    }
  }

  @Test
  void aConfigThatContradictsALayerSpoilsNoOtherImageThatHasIt() throws IOException {
    byte[] zipped = zipped(BASE);
    String name = Digest.sha256(zipped).hex() + ".tar.gz";
    String good = item("good.json", "\"good:1\"", name);
    String bad = item("bad.json", "\"bad:1\"", name);
    for (String order : List.of(good + "," + bad, bad + "," + good)) {
      TarBuilder tar =
          new TarBuilder()
              .file(name, zipped)
              .file("good.json", config(BASE))
              .file("bad.json", config(TOP))
              .file("manifest.json", "[" + order + "]");
      try (ArchiveReader reader = open(tar)) {
        Descriptor whole = reader.manifest(Reference.parse("good:1")).layers().getFirst();
        assertThat(content(reader, whole)).isEqualTo(zipped);
        Descriptor wrong = reader.manifest(Reference.parse("bad:1")).layers().getFirst();
        assertThat(Digest.sha256(content(reader, wrong))).isNotEqualTo(wrong.digest());
      }
    }
  }

  @Test
  void aConfigThatIsNotWhatItsNameSaysIsFoundWhenItIsUsed() throws IOException {
    String name = "b".repeat(64) + ".json";
    TarBuilder tar =
        new TarBuilder()
            .file("base.tar", BASE)
            .file(name, config(BASE))
            .file("manifest.json", "[" + item(name, "\"x:1\"", "base.tar") + "]");
    try (ArchiveReader reader = open(tar)) {
      Descriptor config = reader.manifest(Reference.parse("x:1")).config().orElseThrow();
      assertThat(Digest.sha256(content(reader, config))).isNotEqualTo(config.digest());
    }
  }

  static Stream<Arguments> hostile() {
    String layers = "\"base.tar\",\"top.tar\"";
    return Stream.of(
        refused("absolute link", tar -> link(tar, "z/layer.tar", "/base.tar"), "z/layer.tar"),
        refused("link to the outside", tar -> link(tar, "layer.tar", "../base.tar"), "is a link"),
        refused("link to passwd", tar -> link(tar, "z/layer.tar", "../../etc/x.tar"), "is a link"),
        refused("link to a config", tar -> link(tar, "z/layer.tar", "../c.json"), "is a link"),
        refused("link to nothing", tar -> link(tar, "z/layer.tar", "../no.tar"), "is a link"),
        refused("link to itself", tar -> link(tar, "z/layer.tar", "layer.tar"), "is a link"),
        refused(
            "link to a link",
            tar -> link(link(tar, "y/layer.tar", "../base.tar"), "z/layer.tar", "../y/layer.tar"),
            "is a link"),
        refused("link that is no layer", tar -> link(tar, "z/json", "../base.tar"), "is a link"),
        refused("link to a folder", tar -> link(tar, "z/layer.tar", ".."), "is a link"),
        refused("hard link", tar -> tar.special("z/layer.tar", '1'), "is a link"),
        refused(
            "a link and a file",
            tar -> link(tar, "top.tar", "base.tar"),
            "\"top.tar\" is there twice"),
        refused("a file twice", tar -> tar.file("base.tar", "x"), "\"base.tar\" is there twice"),
        refused("two lists", tar -> tar.file("manifest.json", "[]"), "is there twice"),
        refused("list of other case", tar -> tar.file("Manifest.json", "[]"), "in the place of"),
        refused("device", tar -> tar.special("z", '3'), "no regular file"),
        broken("no list", "{}", "is no list"),
        broken("two documents", "[][]", "more than one JSON"),
        broken("other case", "[{\"config\":\"c.json\"}]", "has the key \"config\""),
        broken("no config", "[" + item("d.json", "", "base.tar") + "]", "\"d.json\", which is not"),
        broken("no layer", "[" + item("c.json", "", "a.tar", "top.tar") + "]", "\"a.tar\", which"),
        broken("fewer layers", "[" + item("c.json", "", "base.tar") + "]", "names 1 layers where"),
        broken("config that is a layer", "[{\"Config\":\"top.tar\"}]", "is not JSON"),
        broken(
            "config that is none",
            "[{\"Config\":\"manifest.json\",\"Layers\":[" + layers + "]}]",
            "config is not a JSON object"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void hostile(String what, TarBuilder tar, String because) throws IOException {
    assertRefused(tar, because);
  }

  @Test
  void refusesWhatHasNoManifest() throws IOException {
    assertRefused(
        new TarBuilder().file("0a/layer.tar", BASE).file("repositories", "{}"), "before 1.10");
  }

  @Test
  void refusesANameOfTwoImages() throws IOException {
    TarBuilder tar =
        new TarBuilder()
            .file("base.tar", BASE)
            .file("c.json", config(BASE))
            .file("d.json", " " + new String(config(BASE), StandardCharsets.UTF_8))
            .file(
                "manifest.json",
                "["
                    + item("c.json", "\"x:1\"", "base.tar")
                    + ","
                    + item("d.json", "\"docker.io/library/x:1\"", "base.tar")
                    + "]");
    assertRefused(tar, "gives the name docker.io/library/x:1 to two images");
  }

  @Test
  void refusesLayersThatRegistriesHaveNoTypeFor() throws IOException {
    TarBuilder tar =
        new TarBuilder()
            .file("base.tar", HexFormat.of().parseHex("fd377a585a000004"))
            .file("c.json", config(BASE))
            .file("manifest.json", "[" + item("c.json", "\"x:1\"", "base.tar") + "]");
    assertRefused(tar, "is compressed with xz, which registries have no type for");
  }

  private void assertRefused(TarBuilder tar, String because) throws IOException {
    RefusedArchives.assertRefused(tar.writeTo(folder.resolve("bad.tar")), because);
  }

  /** Every image can be read, and is what its digests say. */
  private static void assertWhole(ArchiveReader reader, String layerType) throws IOException {
    for (ArchivedImage image : reader.images()) {
      Manifest manifest = reader.manifest(image.name());
      assertThat(Digest.sha256(manifest.bytes())).isEqualTo(image.descriptor().digest());
      assertThat(manifest.layers())
          .isNotEmpty()
          .extracting(Descriptor::mediaType)
          .containsOnly(layerType);
      for (Descriptor blob : manifest.blobs()) {
        assertThat(Digest.sha256(content(reader, blob))).isEqualTo(blob.digest());
        assertThat(reader.has(ANY, blob)).isTrue();
      }
    }
  }

  private static byte[] content(ArchiveReader reader, Descriptor blob) throws IOException {
    try (InputStream in = reader.open(ANY, blob, 0)) {
      return in.readAllBytes();
    }
  }

  private static List<String> names(ArchiveReader reader) {
    return reader.images().stream().map(image -> image.name().toString()).toList();
  }

  private static String digest(ArchivedImage image) {
    return image.descriptor().digest().toString().substring(0, "sha256:".length() + 12);
  }

  private ArchiveReader sample(String name) throws IOException {
    Path file = folder.resolve(name + ".tar");
    try (InputStream in =
        new GZIPInputStream(
            DockerSavesTest.class.getResourceAsStream("/archives/" + name + ".tar.gz"))) {
      Files.copy(in, file);
    }
    return ArchiveReader.open(file);
  }

  private ArchiveReader open(TarBuilder tar) throws IOException {
    return ArchiveReader.open(tar.writeTo(folder.resolve("archive.tar")));
  }

  /** An image of two layers, with these tags in JSON. */
  private static TarBuilder archive(String tags) {
    return parts().file("manifest.json", "[" + item("c.json", tags, "base.tar", "top.tar") + "]");
  }

  private static TarBuilder parts() {
    return new TarBuilder()
        .file("base.tar", BASE)
        .file("top.tar", TOP)
        .file("c.json", config(BASE, TOP));
  }

  private static String item(String config, String tags, String... layers) {
    return "{\"Config\":\"%s\",\"RepoTags\":[%s],\"Layers\":[%s]}"
        .formatted(config, tags, Stream.of(layers).map(l -> '"' + l + '"').collect(joining(",")));
  }

  private static byte[] config(byte[]... layers) {
    return utf8(
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[%s]}}"
            .formatted(
                Stream.of(layers).map(l -> "\"" + Digest.sha256(l) + '"').collect(joining(","))));
  }

  private static TarBuilder link(TarBuilder tar, String name, String target) {
    byte[] bytes = utf8(target);
    return tar.entry(
        name, (byte) '2', new byte[0], h -> System.arraycopy(bytes, 0, h, 157, bytes.length));
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private static Arguments refused(String what, UnaryOperator<TarBuilder> change, String because) {
    return Arguments.of(what, change.apply(archive("\"x:1\"")), because);
  }

  private static Arguments broken(String what, String list, String because) {
    return Arguments.of(what, parts().file("manifest.json", list), because);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
