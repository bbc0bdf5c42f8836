package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.UnsupportedManifestException;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that others made: what other tools write is read, what attackers write is refused. */
class ForeignArchiveTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final String BLOB = LayoutNames.blob(Digest.sha256(CONTENT));
  private static final TestImages IMAGES = new TestImages();
  private static final Manifest IMAGE = IMAGES.image(TestImages.AMD64, IMAGES.layer("layer", 100));

  @TempDir Path folder;

  @Test
  void readsTarsOfGnuTar() throws IOException {
    try (ArchiveReader reader =
        open(
            new TarBuilder()
                .special("./", '5')
                .special("./blobs/", '5')
                .special("./blobs/sha256/", '5')
                .file("./" + LayoutNames.blob(IMAGE.digest()), IMAGE.bytes())
                .file("./index.json", index(entry(IMAGE.digest(), IMAGE.bytes().length, "a/b:1")))
                .file("./notes.txt", "not ours")
                .file("./oci-layout", TarBuilder.LAYOUT))) {
      assertThat(reader.manifest(Reference.parse("a/b:1"))).isEqualTo(IMAGE);
    }
  }

  @Test
  void readsPaxHeadersAndGnuLongNames() throws IOException {
    Digest sha512 = new Digest("sha512", Digest.sha256(CONTENT).hex().repeat(2));
    String path = LayoutNames.blob(sha512);
    String record = " path=" + path + "\n";
    try (ArchiveReader reader =
        open(
            TarBuilder.layout()
                .entry("g", (byte) 'g', utf8("20 comment=whatever\n"), h -> {})
                .pax((record.length() + 3) + record)
                .file("short", CONTENT)
                .entry("././@LongLink", (byte) 'L', utf8(BLOB + "\0"), h -> {})
                .file("short", CONTENT))) {
      assertThat(reader.size(sha512)).contains((long) CONTENT.length);
      assertThat(reader.size(Digest.sha256(CONTENT))).contains((long) CONTENT.length);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "io.containerd.image.name | docker.io/a/b:1 | docker.io/a/b:1",
        "org.opencontainers.image.ref.name | a/b:1 | docker.io/a/b:1",
        "org.opencontainers.image.ref.name | busybox:1 | docker.io/library/busybox:1",
        "org.opencontainers.image.ref.name | latest |",
        "org.opencontainers.image.ref.name | ../../x |",
        "org.opencontainers.image.ref.name | a/b:1:2 |",
        "other | a/b:1 |",
      })
  void readsNamesOfOtherTools(String annotation, String name, String expected) throws IOException {
    String entry =
        "{\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"%s\":\"%s\"}}"
            .formatted(IMAGE.digest(), IMAGE.bytes().length, annotation, name);
    try (ArchiveReader reader =
        open(
            new TarBuilder()
                .file("oci-layout", TarBuilder.LAYOUT)
                .file("index.json", index(entry))
                .blob(IMAGE.bytes()))) {
      if (expected == null) {
        assertThat(reader.images()).isEmpty();
        assertThat(reader.unnamed()).hasSize(1);
      } else {
        assertThat(reader.images()).extracting(i -> i.name().toString()).containsExactly(expected);
      }
      assertThat(reader.manifest(Reference.parse("x/y@" + IMAGE.digest()))).isEqualTo(IMAGE);
    }
  }

  /**
   * As hauler 2 writes its store (seen with "store save" of images, a signature and a referrer): no
   * oci-layout, names of one image for all that belongs to it, a path without registry beside them.
   * Hauler 1 had another word in the kinds.
   */
  @ParameterizedTest
  @ValueSource(strings = {"dev.hauler", "dev.cosignproject.cosign"})
  void readsHauls(String maker) throws IOException {
    Manifest signature = IMAGES.image(TestImages.AMD64, IMAGES.layer("signature", 10));
    Manifest referrer = IMAGES.image(TestImages.AMD64, IMAGES.layer("referrer", 10));
    String hex = IMAGE.digest().hex();
    String haul =
        index(
            kind(signature, maker + "/sigs")
                + ","
                + kind(referrer, maker + "/referrers/" + hex)
                + ","
                + kind(IMAGE, maker + "/image"));
    try (ArchiveReader reader =
        open(
            new TarBuilder()
                .file("audit.log", "{}")
                .blob(IMAGE.bytes())
                .blob(signature.bytes())
                .blob(referrer.bytes())
                .file("index.json", haul)
                .file("store.json", "{}"))) {
      assertThat(reader.images())
          .extracting(image -> image.name().toString(), image -> image.descriptor().digest())
          .containsExactly(
              tuple("quay.io/a/b:1", IMAGE.digest()),
              tuple("quay.io/a/b:sha256-" + hex + ".sig", signature.digest()),
              tuple("quay.io/a/b@" + referrer.digest(), referrer.digest()));
    }
  }

  /** The files of "docker save" of Docker 26.1 without and with the containerd image store. */
  @Test
  void knowsWhatDockerHasBuiltAnew() throws IOException {
    TarBuilder kept = layout(index(""));
    try (ArchiveReader reader = open(kept.file("manifest.json", "[]"))) {
      assertThat(reader.rebuilt()).isEmpty();
    }
    TarBuilder rebuilt = layout(index(""));
    try (ArchiveReader reader =
        open(rebuilt.file("manifest.json", "[]").file("repositories", "{}"))) {
      assertThat(reader.rebuilt()).hasSize(1);
    }
  }

  private static String kind(Manifest manifest, String kind) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"%s\":\"quay.io/a/b:1\",\"%s\":\"a/b:1\",\"kind\":\"%s\"}}"
        .formatted(
            manifest.mediaType(),
            manifest.digest(),
            manifest.bytes().length,
            LayoutNames.CONTAINERD_NAME,
            LayoutNames.REF_NAME,
            kind);
  }

  @Test
  void theSameNameTwiceForTheSameImageIsOneImage() throws IOException {
    String entry = entry(IMAGE.digest(), IMAGE.bytes().length, "a/b:1");
    try (ArchiveReader reader = open(layout(index(entry + "," + entry)).blob(IMAGE.bytes()))) {
      assertThat(reader.images()).hasSize(1);
    }
  }

  static Stream<Arguments> hostile() {
    Digest digest = Digest.sha256(CONTENT);
    String sized = entry(digest, CONTENT.length, "a/b:1");
    return Stream.of(
        refused("../" + BLOB, TarBuilder.layout().file("../" + BLOB, CONTENT), "points outside"),
        refused("x/..", TarBuilder.layout().file("blobs/x/../../y", CONTENT), "points outside"),
        refused("absolute", TarBuilder.layout().file("/" + BLOB, CONTENT), "absolute name"),
        refused("symlink", TarBuilder.layout().special(BLOB, '2'), "no regular file"),
        refused("hard link", TarBuilder.layout().special(BLOB, '1'), "no regular file"),
        refused("device", TarBuilder.layout().special("x", '3'), "no regular file"),
        refused("block device", TarBuilder.layout().special("x", '4'), "no regular file"),
        refused("pipe", TarBuilder.layout().special("x", '6'), "no regular file"),
        refused("GNU sparse", TarBuilder.layout().special(BLOB, 'S'), "no regular file"),
        refused(
            "PAX sparse",
            TarBuilder.layout().pax("22 GNU.sparse.major=1\n").file(BLOB, CONTENT),
            "sparse file"),
        refused(
            "global path",
            TarBuilder.layout().entry("g", (byte) 'g', utf8("9 path=x\n"), h -> {}),
            "names all files alike"),
        refused(
            "NUL", TarBuilder.layout().pax("12 path=a\0b\n").file("x", CONTENT), "NUL in its name"),
        refused(
            "prefix without ustar",
            TarBuilder.layout()
                .entry("x", (byte) '0', CONTENT, put(345, "junk").andThen(put(257, "\0\0\0\0\0"))),
            "programs read differently"),
        refused(
            "prefix of GNU",
            TarBuilder.layout()
                .entry("x", (byte) '0', CONTENT, put(345, "junk").andThen(put(257, "ustar  \0"))),
            "programs read differently"),
        refused(
            "prefix of star",
            TarBuilder.layout()
                .entry("x", (byte) '0', CONTENT, put(345, "junk").andThen(put(508, "tar\0"))),
            "programs read differently"),
        refused(
            "empty PAX path",
            TarBuilder.layout().pax("8 path=\n").file("x", CONTENT),
            "an empty path, which programs read differently"),
        refused(
            "PAX path twice",
            TarBuilder.layout().pax("9 path=x\n9 path=y\n").file("x", CONTENT),
            "the record path twice"),
        refused(
            "PAX time that is none",
            TarBuilder.layout().pax("11 mtime=x\n").file("x", CONTENT),
            "impossible mtime"),
        refused(
            "names in another character set",
            TarBuilder.layout().pax("21 hdrcharset=BINARY\n").file("x", CONTENT),
            "not UTF-8"),
        refused(
            "name that is not UTF-8",
            TarBuilder.layout().entry("x", (byte) '0', CONTENT, h -> h[0] = (byte) 0xfc),
            "not UTF-8"),
        refused(
            "empty long name",
            TarBuilder.layout().entry("l", (byte) 'L', new byte[1], h -> {}).file("x", CONTENT),
            "a long name is empty"),
        refused(
            "file named like a folder",
            TarBuilder.layout().file("index.json/", new byte[0]),
            "the name of a folder"),
        refused("file without name", TarBuilder.layout().file("./", CONTENT), "name of a folder"),
        refused(
            "link with content",
            TarBuilder.layout().entry("x", (byte) '1', CONTENT, h -> {}),
            "is a link with content"),
        refused(
            "mode that is no number",
            TarBuilder.layout().entry("x", (byte) '0', CONTENT, put(100, "  -644\0\0")),
            "damaged"),
        refused(
            "size after a NUL",
            TarBuilder.layout().entry("x", (byte) '0', CONTENT, put(124, "\0" + "0000000007\0")),
            "damaged"),
        refused(
            "size with an odd first byte",
            TarBuilder.layout()
                .entry("x", (byte) '0', CONTENT, put(124, "\u0081\0\0\0\0\0\0\0\0\0\0\7")),
            "damaged"),
        refused(
            "index in other case",
            TarBuilder.layout().file("Index.JSON", TarBuilder.EMPTY_INDEX),
            "in the place of index.json on some file systems"),
        refused(
            "blobs in other case",
            TarBuilder.layout().file("Blobs/sha256/" + "0".repeat(64), CONTENT),
            "in the place of blobs on some file systems"),
        refused(
            "folder in the place of the index",
            TarBuilder.layout().special("index.json/", '5'),
            "is a folder in the place of a file"),
        refused(
            "file below the index",
            TarBuilder.layout().file("index.json/x", CONTENT),
            "in the place of index.json"),
        refused(
            "one block of zeros in the middle",
            TarBuilder.layout().raw(new byte[512]).file("x", CONTENT),
            "half of the mark of its end"),
        refused("contiguous", TarBuilder.layout().special(BLOB, '7'), "no regular file"),
        refused("GNU incremental", TarBuilder.layout().special("x/", 'D'), "no regular file"),
        refused("unknown type", TarBuilder.layout().special("x", 'Z'), "no regular file"),
        refused(
            "name that looks like our own words",
            TarBuilder.layout().special("a tar\n\u001b[2Jis fine", '2'),
            "\"a tar\\u000a\\u001b[2Jis fine\" is no regular file"),
        refused(
            "cut in a file of odd name",
            TarBuilder.layout().entry("x\n\u001b", (byte) '0', CONTENT, h -> h[130] = '7'),
            "in the middle of \"x\\u000a\\u001b\""),
        refused(
            "folder with content",
            TarBuilder.layout().entry("x/", (byte) '5', CONTENT, h -> {}),
            "is a folder with content"),
        refused(
            "old folder with content",
            TarBuilder.layout().entry("x/", (byte) 0, CONTENT, h -> {}),
            "is a folder with content"),
        refused(
            "two PAX headers",
            TarBuilder.layout().pax("9 path=x\n").pax("9 path=y\n").file(BLOB, CONTENT),
            "two extended headers"),
        refused("two long names", longName(longName(TarBuilder.layout())), "two extended headers"),
        refused(
            "long name and PAX path",
            longName(TarBuilder.layout().pax("9 path=x\n")).file(BLOB, CONTENT),
            "two extended headers"),
        refused(
            "the end after a long name",
            longName(TarBuilder.layout()),
            "nothing follows a tar header"),
        refused(
            "the end after a PAX header",
            TarBuilder.layout().pax("9 path=x\n"),
            "nothing follows a tar header"),
        refused(
            "PAX size that only Java can read",
            TarBuilder.layout().pax("11 size=+7\n").file(BLOB, CONTENT),
            "impossible size"),
        refused(
            "PAX size in other digits",
            TarBuilder.layout().pax("11 size=\u0667\n").file(BLOB, CONTENT),
            "impossible size"),
        refused(
            "empty PAX size",
            TarBuilder.layout().pax("8 size=\n").file(BLOB, CONTENT),
            "impossible"),
        refused(
            "global size",
            TarBuilder.layout().entry("g", (byte) 'g', utf8("9 size=5\n"), h -> {}),
            "names all files alike"),
        refused(
            "global sparse",
            TarBuilder.layout().entry("g", (byte) 'g', utf8("22 GNU.sparse.major=1\n"), h -> {}),
            "sparse file"),
        refused(
            "sparse by another name",
            TarBuilder.layout().pax("21 GNU.sparse.name=x\n").file(BLOB, CONTENT),
            "sparse file"),
        refused(
            "size of no digits",
            TarBuilder.layout().entry(BLOB, (byte) '0', CONTENT, h -> h[130] = 'x'),
            "damaged"),
        refused("twice", TarBuilder.layout().blob(CONTENT).blob(CONTENT), "is there twice"),
        refused(
            "index twice",
            TarBuilder.layout().file("./index.json", TarBuilder.EMPTY_INDEX),
            "is there twice"),
        refused("no digest", TarBuilder.layout().file("blobs/sha256/abc", CONTENT), "not named by"),
        refused(
            "upper case",
            TarBuilder.layout().file("blobs/sha256/" + "A".repeat(64), CONTENT),
            "not named by"),
        refused("deep", TarBuilder.layout().file(BLOB + "/x", CONTENT), "not named by"),
        refused(
            "malformed PAX", TarBuilder.layout().pax("99 path=x\n").file("x", CONTENT), "damaged"),
        refused("PAX without key", TarBuilder.layout().pax("5 =x\n").file("x", CONTENT), "damaged"),
        refused(
            "absurd PAX length",
            TarBuilder.layout().pax("99999999999999999999 path=x\n").file("x", CONTENT),
            "damaged"),
        refused(
            "negative PAX size",
            TarBuilder.layout().pax("11 size=-1\n").file(BLOB, CONTENT),
            "impossible size"),
        refused(
            "absurd PAX size",
            TarBuilder.layout().pax("28 size=9223372036854775807\n").file(BLOB, CONTENT),
            "in the middle of \"" + BLOB),
        refused(
            "negative size",
            TarBuilder.layout().entry(BLOB, (byte) '0', CONTENT, h -> h[124] = (byte) 0xff),
            "damaged"),
        refused(
            "absurd size",
            TarBuilder.layout()
                .entry(
                    BLOB,
                    (byte) '0',
                    CONTENT,
                    h -> {
                      Arrays.fill(h, 124, 136, (byte) 0);
                      h[124] = (byte) 0x80;
                      h[128] = 0x7f;
                    }),
            "in the middle of \"" + BLOB),
        refused(
            "long extension",
            TarBuilder.layout().entry("L", (byte) 'L', new byte[2_000_000], h -> {}),
            "has 2000000 bytes"),
        refused(
            "no images",
            new TarBuilder().file("notes.txt", "x"),
            "is a tar without index.json and manifest.json: give an archive of a known format ("),
        refused("no index", new TarBuilder().file("oci-layout", TarBuilder.LAYOUT), "no index"),
        refused("nothing", new TarBuilder(), "nothing but zeros"),
        refused("layout 2", layoutFile("{\"imageLayoutVersion\":\"2.0.0\"}"), "version"),
        refused(
            "layout of other case", layoutFile("{\"ImageLayoutVersion\":\"1.0.0\"}"), "other prog"),
        refused(
            "index whose images are elsewhere to others",
            layout("{\"manifests\":[],\"Manifests\":[]}"),
            "has the key \"Manifests\""),
        refused(
            "index whose image is another to others",
            layout(index(sized.replace("\"size\"", "\"Digest\":\"x\",\"size\""))),
            "has the key \"Digest\""),
        refused(
            "index whose platform is another to others",
            layout(index(sized.replace("\"size\"", "\"platform\":{\"Os\":\"x\"},\"size\""))),
            "has the key \"Os\""),
        refused("layout is no JSON", layoutFile("x"), "not JSON"),
        refused("large layout", layoutFile(" ".repeat(4 * 1024 * 1024 + 1)), "more than"),
        refused("index is no JSON", layout("{"), "not JSON"),
        refused("index is a list", layout("[]"), "not a JSON object"),
        refused("index of NULs", layout("\0\0\0\0"), "not JSON"),
        refused("index in UTF-16", utf16Index(), "not UTF-8"),
        refused(
            "index with a byte order mark", layout("\uFEFF" + TarBuilder.EMPTY_INDEX), "not UTF-8"),
        refused("index without manifests", layout("{}"), "no manifests"),
        refused("manifests are no list", layout("{\"manifests\":{}}"), "not a list"),
        refused("manifests of numbers", layout(index("1")), "an entry that is no JSON object"),
        refused("two documents", layout(TarBuilder.EMPTY_INDEX + "{}"), "more than one"),
        refused("deep index", layout("{\"a\":" + "[".repeat(5000)), "not JSON"),
        refused(
            "duplicate key",
            layout("{\"manifests\":[],\"manifests\":[]}"),
            "Duplicate Object property"),
        refused(
            "duplicate key of an entry",
            layout(index("{\"digest\":\"%1$s\",\"digest\":\"%1$s\"}".formatted(digest))),
            "Duplicate Object property"),
        refused(
            "duplicate key that writes on the screen",
            layout("{\"\\u001b[2J\\n\":1,\"\\u001b[2J\\n\":2}"),
            "Duplicate Object property"),
        refused(
            "duplicate key without end",
            layout("{\"%1$s\":1,\"%1$s\":2}".formatted("x".repeat(40_000))),
            "Duplicate Object property"),
        refused("word without end", layout("x".repeat(100_000)), "not JSON"),
        refused("number without end", layout("1".repeat(100_000)), "not JSON"),
        refused(
            "large entry",
            layout(index("{\"annotations\":[" + "{},".repeat(400_000) + "{}]}")),
            "has an entry of 12000"),
        refused(
            "image and index",
            layout("{\"manifests\":[],\"layers\":[]}"),
            "both as an image and as an index"),
        refused(
            "bad digest",
            layout(index("{\"digest\":\"sha256:../../etc\",\"size\":1}")),
            "not a digest"),
        refused(
            "negative size in the index",
            layout(index("{\"digest\":\"%s\",\"size\":-1}".formatted(digest))),
            "negative"),
        refused(
            "huge size in the index",
            layout(index("{\"digest\":\"%s\",\"size\":99999999999999999999}".formatted(digest))),
            "without digest or size"),
        refused(
            "other size",
            layout(index(entry(digest, 3, "a/b:1"))).blob(CONTENT),
            "its index says 3"),
        refused(
            "two images of one name",
            layout(index(sized + "," + entry(IMAGE.digest(), 1, "a/b:1"))),
            "two images"),
        refused(
            "a name with another digest",
            layout(index(entry(digest, 3, "a/b@" + IMAGE.digest()))),
            "by another digest"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void refuses(String what, byte[] tar, String because) throws IOException {
    Path file = Files.write(folder.resolve("bad.tar"), tar);

    assertRefused(file, because);
  }

  static Stream<Arguments> hostileManifests() {
    String config =
        "\"config\":{\"mediaType\":\"a/b\",\"digest\":\"%s\",\"size\":2}"
            .formatted(Digest.sha256(CONTENT));
    return Stream.of(
        Arguments.of("large", " ".repeat(Manifest.LARGEST + 1), "too large for a manifest"),
        Arguments.of("no JSON", "{", "not JSON"),
        Arguments.of("deep", "{\"a\":" + "[".repeat(5000), "not JSON"),
        Arguments.of("many", "{\"a\":[" + "{},".repeat(1_000_000) + "1]}", "not JSON"),
        Arguments.of("duplicate key", "{" + config + "," + config + "}", "Duplicate"),
        Arguments.of("both", "{\"manifests\":[]," + config + "}", "both as an image and as an"),
        Arguments.of("of another kind", "{\"mediaType\":\"text/html\"}", "unknown manifest type"),
        Arguments.of("without config", "{\"layers\":[]}", "no config"),
        Arguments.of("schema 1", "{\"schemaVersion\":1,\"fsLayers\":[]}", "schema 1"),
        Arguments.of(
            "bad digest", "{" + config.replace("sha256:", "sha256:../") + "}", "not a digest"),
        Arguments.of("negative size", "{" + config.replace(":2}", ":-2}") + "}", "is negative: -2"),
        Arguments.of(
            "absurd size",
            "{" + config.replace(":2}", ":9223372036854775808}") + "}",
            "without digest or size"));
  }

  /** The archive's other images are not worse for it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileManifests")
  void refusesAManifestAlone(String what, String manifest, String because) throws IOException {
    byte[] bytes = utf8(manifest);
    String bad = entry(Digest.sha256(bytes), bytes.length, "a/bad:1");
    String good = entry(IMAGE.digest(), IMAGE.bytes().length, "a/good:1");
    try (ArchiveReader reader =
        open(layout(index(bad + "," + good)).blob(bytes).blob(IMAGE.bytes()))) {
      assertThatThrownBy(() -> reader.manifest(Reference.parse("a/bad:1")))
          .isInstanceOfAny(
              TransferException.class,
              InvalidContentException.class,
              UnsupportedManifestException.class)
          .hasMessageContaining(because)
          .message()
          .hasLineCount(1)
          .hasSizeLessThan(folder.toString().length() + 500);
      assertThat(reader.manifest(Reference.parse("a/good:1"))).isEqualTo(IMAGE);
    }
  }

  @Test
  void refusesAnIndexThatIsTooLarge() throws IOException {
    assertRefused(
        layout(" ".repeat(64 * 1024 * 1024 + 1)).writeTo(folder.resolve("bad.tar")),
        "more than the 67108864 allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "1f8b0800000000000003, gzip -d",
    "28b52ffd24000100, zstd -d",
    "fd377a585a000004, xz -d",
    "425a6839314159, bzip2 -d",
    "04224d18, lz4 -d",
    "504b0304, 'is no whole zip'",
    "'', is empty",
  })
  void saysWhatTheFileIsInstead(String magic, String expected) throws IOException {
    Path file = folder.resolve("bad.tar");

    assertRefused(Files.write(file, HexFormat.of().parseHex(magic)), expected);
  }

  @Test
  void refusesTextAndFoldersAndUnfinishedFiles() throws IOException {
    assertRefused(
        Files.writeString(folder.resolve("a.txt"), "text ".repeat(1000)), "is not a tar file");
    assertThatThrownBy(() -> ArchiveReader.open(folder).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.OPTION))
        .hasMessageContaining("is no file but a folder");
    assertRefused(
        Files.write(folder.resolve("a.tar.partial"), TarBuilder.layout().build()),
        "was not finished");
  }

  @Test
  void saysThatThereIsNoSuchFile() {
    assertThatThrownBy(() -> ArchiveReader.open(folder.resolve("no.tar")).close())
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureKind.FILE_MISSING))
        .hasMessageContaining("does not exist");
  }

  @Test
  void readsSeveralArchivesTogether() throws IOException {
    Manifest other = IMAGES.image(TestImages.ARM64, IMAGES.layer("other", 100));
    Path first = archive("first.tar", IMAGE, "a/b:1");
    Path second = archive("second.tar", other, "a/c:1");
    Path third = archive("third.tar", other, "v2");
    try (ArchiveReader reader = ArchiveReader.open(List.of(first, second, third))) {
      assertThat(reader.images())
          .extracting(image -> image.name().toString())
          .containsExactly("docker.io/a/b:1", "docker.io/a/c:1");
      assertThat(reader.manifest(Reference.parse("a/b:1"))).isEqualTo(IMAGE);
      assertThat(reader.manifest(Reference.parse("a/c:1"))).isEqualTo(other);
      assertThat(reader.unnamed()).hasSize(1);
      assertThat(reader.names().tagOf(other.digest())).contains("v2");
    }

    Path contradicting = archive("contradicting.tar", other, "a/b:1");
    assertThatThrownBy(() -> ArchiveReader.open(List.of(first, contradicting)).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.OPTION))
        .hasMessage(
            "docker.io/a/b:1 is one image in %s and another one in %s: give each by itself, one after the other"
                .formatted(first, contradicting));
  }

  private Path archive(String file, Manifest image, String name) throws IOException {
    return layout(index(entry(image.digest(), image.bytes().length, name)))
        .blob(image.bytes())
        .writeTo(folder.resolve(file));
  }

  @Test
  void saysThatAFileIsEmpty() throws IOException {
    Path file = folder.resolve("a.tar");
    assertRefused(Files.write(file, new byte[0]), "is empty: copy it again");
    assertRefused(Files.write(file, new byte[10240]), "has nothing but zeros: copy it again");
    assertRefused(
        Files.write(file, new TarBuilder().raw(new byte[1024]).file("a", CONTENT).build()),
        "was not finished");
  }

  @Test
  void refusesASecondArchiveBehindTheFirst() throws IOException {
    byte[] first = layout(index(entry(IMAGE.digest(), IMAGE.bytes().length, "a/b:1"))).build();
    byte[] second = layout(index(entry(IMAGE.digest(), IMAGE.bytes().length, "a/c:1"))).build();
    for (int padding : new int[] {0, 1, 9216, 3 * 1024 * 1024 + 1}) {
      Path file = folder.resolve("two.tar");
      byte[] padded = Arrays.copyOf(first, first.length + padding);
      Files.write(file, padded);
      ArchiveReader.open(file).close();

      Files.write(file, second, StandardOpenOption.APPEND);
      assertRefused(
          file, "has " + second.length + " bytes behind the end of the tar: is a second archive");

      Files.write(file, padded);
      Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
      assertRefused(file, "has 1 byte behind the end of the tar");
    }
  }

  @Test
  void noticesEveryPlaceWhereAFileMayEnd() throws IOException {
    TarBuilder tar =
        layout(index(entry(IMAGE.digest(), IMAGE.bytes().length, "a/b:1"))).blob(IMAGE.bytes());
    byte[] whole = tar.withoutEnd();
    Path file = folder.resolve("cut.tar");
    for (int length = 1; length <= whole.length; length += 97) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertRefused(file, length < 512 ? "is not a tar" : "it was not copied completely");
    }
    assertRefused(Files.write(file, whole), "without the mark of its end");
  }

  private static void assertRefused(Path file, String because) {
    assertThatThrownBy(() -> ArchiveReader.open(file).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
        .message()
        .startsWith(file.toString())
        .contains(because)
        .hasLineCount(1)
        .hasSizeLessThan(file.toString().length() + 500)
        .matches(text -> text.chars().noneMatch(Character::isISOControl), "is plain text");
  }

  private static Arguments refused(String what, TarBuilder tar, String because) {
    return Arguments.of(what, tar.build(), because);
  }

  private ArchiveReader open(TarBuilder tar) throws IOException {
    return ArchiveReader.open(tar.writeTo(folder.resolve("foreign.tar")));
  }

  private static TarBuilder layout(String index) {
    return new TarBuilder().file("oci-layout", TarBuilder.LAYOUT).file("index.json", index);
  }

  private static TarBuilder layoutFile(String layout) {
    return new TarBuilder().file("oci-layout", layout).file("index.json", TarBuilder.EMPTY_INDEX);
  }

  private static String index(String entries) {
    return "{\"schemaVersion\":2,\"manifests\":[" + entries + "]}";
  }

  private static String entry(Digest digest, long size, String name) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"%s\":\"%s\"}}"
        .formatted(MediaTypes.OCI_MANIFEST, digest, size, LayoutNames.REF_NAME, name);
  }

  private static TarBuilder utf16Index() {
    return new TarBuilder()
        .file("oci-layout", TarBuilder.LAYOUT)
        .file("index.json", TarBuilder.EMPTY_INDEX.getBytes(StandardCharsets.UTF_16BE));
  }

  private static TarBuilder longName(TarBuilder tar) {
    return tar.entry("././@LongLink", (byte) 'L', utf8(BLOB + "\0"), h -> {});
  }

  private static Consumer<byte[]> put(int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return header -> System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
