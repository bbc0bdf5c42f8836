package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Zips of hangar. The sample was written by the classes of hangar v1.9.4 that write its archives
 * (pkg/hangar/archive: the first image by Writer, as save does; the others by Updater, as sync
 * does, with the gaps that that leaves); what its saver hands to them, a layout for each manifest
 * and the index's items, was made by hand after pkg/hangar/saver.go.
 */
class HangarZipsTest {
  private static final String AMD64 =
      "sha256:34d2ace32f5c04bd823ca34af4f9347aad4c58d8872cb61ba3bbb0f2273507c1";
  private static final String ARM64 =
      "sha256:aa8b0a7d64e529c2a7d82075f8c821fb9a1542639eebab73af717ed7ae2a094d";
  private static final String ATTESTATION =
      "sha256:68d99d30e1c67a885dea730d8cc40748202bad0b57a9453664d496d2bd85b0e9";
  private static final String ONE =
      "sha256:3abafa205ff9020d73885468d572c872e11cb47a6fb4a65fe9ef592d51a8d581";
  private static final String INDEX = "index.json";

  @TempDir Path folder;

  private Path sample;

  @BeforeEach
  void copySample() throws IOException {
    sample = folder.resolve("hangar.zip");
    try (InputStream in =
        HangarZipsTest.class.getResourceAsStream("/archives/hangar-1.9.4-sync.zip")) {
      Files.copy(Objects.requireNonNull(in), sample);
    }
  }

  @Test
  void keepsTheDigestsOfManifestsAndMakesTheIndexAgain() throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(sample)) {
      assertSample(reader);
      assertThat(reader.rebuilt()).containsExactly(sample);
      assertThat(reader.rebuiltIndexes()).containsExactly(sample);
      Manifest index = reader.manifest(Reference.parse("quay.io/tiny/two:v2"));
      assertThat(index.children())
          .extracting(child -> child.digest().toString())
          .containsExactly(AMD64, ARM64, ATTESTATION);
      assertThat(new String(index.bytes(), StandardCharsets.UTF_8))
          .contains(
              "\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\",\"variant\":\"v8\"}",
              "\"vnd.docker.reference.type\":\"attestation-manifest\"");
    }
  }

  /** Also hashes all that the images have. */
  private static void assertSample(ArchiveReader reader) throws IOException {
    assertThat(reader.images())
        .extracting(image -> image.name().toString(), image -> image.descriptor().size() > 0)
        .containsExactly(
            tuple("docker.io/rancher/tiny-one:v1", true),
            tuple("quay.io/tiny/two:v2", true),
            tuple("docker.io/rancher/charts/chart:1.0.0", true),
            tuple("docker.io/hangar-file/note.txt:latest", true));
    assertThat(reader.images().getFirst().descriptor().digest()).hasToString(ONE);
    Manifest one = reader.manifest(Reference.parse("docker.io/rancher/tiny-one:v1"));
    for (Descriptor layer : one.layers()) {
      try (InputStream in = reader.open(Reference.parse("a/b").repository(), layer, 0)) {
        assertThat(Digest.sha256(in.readAllBytes())).isEqualTo(layer.digest());
      }
    }
  }

  @Test
  void aPlatformThatWasSyncedAgainReplacesTheFirst() throws IOException {
    String item =
        "{\"source\":\"a/b\",\"tag\":\"1\",\"images\":[{\"arch\":\"amd64\",\"os\":\"linux\",\"digest\":\"%s\"}]}";
    String index = "{\"version\":\"v1.2.0\",\"list\":[%s,%s]}";
    Path zip =
        variant(
            files ->
                files.put(
                    INDEX, utf8(index.formatted(item.formatted(AMD64), item.formatted(ONE)))));
    try (ArchiveReader reader = ArchiveReader.open(zip)) {
      assertThat(reader.images())
          .extracting(image -> image.descriptor().digest().toString())
          .containsExactly(ONE);
      assertThat(reader.rebuilt()).isEmpty();
    }
  }

  @Test
  void readsASplitZip() throws IOException {
    Path split = folder.resolve("split.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(split, 65_536)) {
      LinkedHashMap<String, byte[]> files = files();
      files.putFirst("filler", new byte[150_000]);
      write(files, out);
    }
    assertThat(folder.resolve("split.z02")).exists();
    try (ArchiveReader reader = ArchiveReader.open(split)) {
      assertSample(reader);
    }
    Files.delete(folder.resolve("split.z01"));
    assertThatThrownBy(() -> ArchiveReader.open(split))
        .isInstanceOf(TransferException.class)
        .hasMessageStartingWith(folder.resolve("split.z01") + " does not exist");
  }

  @Test
  void anImageWhoseManifestIsNotThereIsMissing() throws IOException {
    Path zip = variant(files -> files.remove("share/" + ONE.replace(':', '/')));
    try (ArchiveReader reader = ArchiveReader.open(zip)) {
      assertThatThrownBy(() -> reader.manifest(Reference.parse("docker.io/rancher/tiny-one:v1")))
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.MISSING));
    }
  }

  @Test
  void aByteThatChangedIsFound() throws IOException {
    Path zip = variant(files -> files.get("share/" + ONE.replace(':', '/'))[5] ^= 1);
    try (ArchiveReader reader = ArchiveReader.open(zip)) {
      assertThatThrownBy(() -> reader.manifest(Reference.parse("docker.io/rancher/tiny-one:v1")))
          .isInstanceOfSatisfying(
              TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT));
    }
  }

  private interface Change {
    Object on(Map<String, byte[]> files);
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        refused("no index", files -> files.remove(INDEX), "not one of hangar"),
        refused("no JSON", files -> files.put(INDEX, utf8("{")), "is no whole zip of hangar"),
        refused("old", files -> replace(files, "v1.2.0", "v1.1.0"), "from its version 1.7 on"),
        refused("digest", files -> replace(files, AMD64, "sha256:../../x"), "is no whole zip of"),
        refused(
            "name", files -> replace(files, "docker.io/rancher/tiny-one", "../x"), "is no whole"),
        refused("case", files -> replace(files, "\"images\"", "\"Images\""), "other programs take"),
        refused("parent", files -> files.put("share/../x", utf8("x")), "points outside"),
        refused("absolute", files -> files.put("/x", utf8("x")), "points outside"),
        refused("blob", files -> files.put("share/sha256/x", utf8("x")), "is no whole zip of"),
        refused(
            "another layout",
            files ->
                files.put(
                    hex(AMD64) + "/" + INDEX,
                    utf8("{\"manifests\":[{\"digest\":\"" + ARM64 + "\"}]}")),
            "is not about " + AMD64));
  }

  private static Arguments refused(String what, Change change, String expected) {
    return Arguments.of(what, change, expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void refuses(String what, Change change, String expected) throws IOException {
    assertRefused(variant(change), expected);
  }

  @Test
  void refusesWhatIsCompressedOrALinkOrThereTwice() throws IOException {
    Path zip = folder.resolve("odd.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      out.putArchiveEntry(new ZipArchiveEntry(INDEX));
      out.write(utf8("{}"));
      out.closeArchiveEntry();
    }
    assertRefused(zip, "index.json is compressed, which hangar's are not");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      ZipArchiveEntry link = stored("share/sha256/x", utf8("/etc/passwd"));
      link.setUnixMode(0120777);
      put(out, link, utf8("/etc/passwd"));
    }
    assertRefused(zip, "is no regular file");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      put(out, stored("x", utf8("1")), utf8("1"));
      put(out, stored("x", utf8("2")), utf8("2"));
    }
    assertRefused(zip, "is there twice");
  }

  /** In the central directory, which is read; the flag of encryption and the size of an entry. */
  @Test
  void refusesWhatIsEncryptedOrHasAnotherSizeOrIsCutOff() throws IOException {
    byte[] whole = Files.readAllBytes(sample);
    int header = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
    byte[] encrypted = whole.clone();
    encrypted[header + 8] |= 1;
    assertRefused(Files.write(sample, encrypted), "is encrypted");
    byte[] sized = whole.clone();
    sized[header + 24] ^= 1;
    assertRefused(Files.write(sample, sized), "has two sizes");
    byte[] longer = whole.clone();
    longer[header + 22] = 1;
    longer[header + 26] = 1;
    assertRefused(Files.write(sample, longer), "is no whole zip");
    byte[] cut = Arrays.copyOf(whole, whole.length - 100);
    assertRefused(Files.write(sample, cut), "is no whole zip");
  }

  @Test
  void refusesWhatHasBytesBehindItsEnd() throws IOException {
    byte[] whole = Files.readAllBytes(sample);

    assertRefused(
        Files.write(sample, Arrays.copyOf(whole, whole.length + 1)),
        "has bytes behind the end of its zip");
    assertRefused(
        Files.write(sample, Arrays.copyOf(whole, whole.length + 100_000)), "is no whole zip");
  }

  private static void assertRefused(Path zip, String expected) {
    assertThatThrownBy(() -> ArchiveReader.open(zip).close())
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.CORRUPT))
        .hasMessageContaining(expected)
        .hasMessageNotContaining("\n");
  }

  private Path variant(Change change) throws IOException {
    Map<String, byte[]> files = files();
    change.on(files);
    Path zip = folder.resolve("variant.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
      write(files, out);
    }
    return zip;
  }

  private LinkedHashMap<String, byte[]> files() throws IOException {
    LinkedHashMap<String, byte[]> files = new LinkedHashMap<>();
    try (ZipFile zip = ZipFile.builder().setPath(sample).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return files;
  }

  private static void write(Map<String, byte[]> files, ZipArchiveOutputStream out)
      throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      put(out, stored(file.getKey(), file.getValue()), file.getValue());
    }
  }

  private static void put(ZipArchiveOutputStream out, ZipArchiveEntry entry, byte[] content)
      throws IOException {
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static ZipArchiveEntry stored(String name, byte[] content) {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    return entry;
  }

  private static byte[] replace(Map<String, byte[]> files, String old, String other) {
    String index = new String(files.get(INDEX), StandardCharsets.UTF_8);
    assertThat(index).contains(old);
    return files.put(INDEX, utf8(index.replace(old, other)));
  }

  private static String hex(String digest) {
    return Digest.parse(digest).hex();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
