package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.TestImages.Layer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Makes small archives that are wrong in a few places: in single bytes, in headers, in their JSON,
 * in the order and number of their files. The same random numbers give the same archive.
 */
final class DamagedArchives {
  private static final byte[] TELLING = {0, ' ', '/', '.', '0', '7', '9', '"', (byte) 0x80, -1};
  private static final List<String> NAMES =
      List.of(
          "../x",
          "/x",
          "blobs/sha256/x",
          "x/",
          "./index.json",
          "index.json",
          "oci-layout",
          "manifest.json",
          "blobs/sha256/" + "0".repeat(64),
          "blobs/sha512/" + "0".repeat(64),
          "a\nb",
          "blobs/../index.json",
          "");
  private static final List<String> RECORDS =
      List.of(
          "path=index.json",
          "path=../x",
          "size=1",
          "size=0",
          "size=-1",
          "size=512",
          "size=9223372036854775807",
          "size=99999999999999999999",
          "GNU.sparse.major=1",
          "GNU.sparse.realsize=5",
          "hdrcharset=BINARY",
          "path=",
          "linkpath=x",
          "mtime=1",
          "=x");
  private static final String TYPES = "012345678xgLKSDVMZA\0";
  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "null",
          "true",
          "0",
          "-1",
          "1e999",
          "1.5",
          "9223372036854775807",
          "99999999999999999999",
          "\"\"",
          "\"\\u0000\"",
          "{}",
          "[]",
          "[[[[[[",
          "\"manifests\"",
          "\"config\"",
          "\"layers\"",
          "\"digest\"",
          "\"size\"",
          "\"mediaType\"",
          "\"annotations\"",
          "\"platform\"",
          "\"subject\"",
          "\"schemaVersion\"",
          "\"" + MediaTypes.OCI_INDEX + "\"",
          "\"" + MediaTypes.DOCKER_MANIFEST + "\"",
          "\"sha256:" + "0".repeat(64) + "\"",
          "\"sha512:" + "0".repeat(128) + "\"",
          "\"../../x:1\"",
          "\"docker.io/a/b:1\"",
          "\"../b\"",
          "\uFEFF",
          "\u0000");

  private final TestImages images = new TestImages();
  private final List<List<Part>> archives = List.of(ours(), foreign(), byOthers());

  /** A file of an archive, with what its header says it is. */
  private record Part(String name, byte type, byte[] content) {
    static Part file(String name, String content) {
      return new Part(name, TarConstants.LF_NORMAL, utf8(content));
    }

    boolean isJson() {
      return content.length > 0 && content[0] == '{';
    }
  }

  /** The next archive: one in eight is whole. */
  byte[] next(Random random) {
    List<Part> parts = new ArrayList<>(archives.get(random.nextInt(archives.size())));
    if (random.nextInt(8) == 0) {
      return tar(parts);
    }
    if (random.nextInt(3) > 0) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        rearrange(parts, random);
      }
      if (random.nextBoolean()) {
        return tar(parts);
      }
    }
    return damage(tar(parts), random);
  }

  private void rearrange(List<Part> parts, Random random) {
    int at = random.nextInt(parts.size());
    Part part = parts.get(at);
    switch (random.nextInt(9)) {
      case 0 -> parts.add(random.nextInt(parts.size()), part);
      case 1 -> parts.add(parts.remove(random.nextInt(parts.size())));
      case 2 -> parts.set(at, new Part(pick(NAMES, random), part.type, part.content));
      case 3 -> {
        byte type = (byte) TYPES.charAt(random.nextInt(TYPES.length()));
        parts.set(at, new Part(part.name, type, part.content));
      }
      case 4 -> {
        byte[] other = parts.get(random.nextInt(parts.size())).content;
        parts.set(at, new Part(part.name, part.type, other));
      }
      case 5 -> {
        byte type = (byte) (random.nextInt(4) == 0 ? 'g' : 'x');
        parts.add(at, new Part("pax", type, utf8(record(pick(RECORDS, random)))));
      }
      default -> editJson(parts, random);
    }
  }

  /** Changes a document; mostly it keeps a true name, so that it is read at all. */
  private static void editJson(List<Part> parts, Random random) {
    List<Part> documents = parts.stream().filter(Part::isJson).toList();
    if (documents.isEmpty()) {
      return;
    }
    Part part = pick(documents, random);
    int at = parts.indexOf(part);
    byte[] edited = utf8(edited(new String(part.content, StandardCharsets.UTF_8), random));
    if (part.name.startsWith(LayoutNames.BLOBS) && random.nextInt(4) > 0) {
      Digest before = Digest.sha256(part.content);
      Digest after = Digest.sha256(edited);
      for (int i = 0; i < parts.size(); i++) {
        Part other = parts.get(i);
        if (other.isJson()) {
          String text =
              new String(other.content, StandardCharsets.UTF_8)
                  .replace(
                      before + "\",\"size\":" + part.content.length,
                      after + "\",\"size\":" + edited.length);
          parts.set(i, new Part(other.name, other.type, utf8(text)));
        }
      }
      parts.set(at, new Part(LayoutNames.blob(after), part.type, edited));
    } else {
      parts.set(at, new Part(part.name, part.type, edited));
    }
  }

  private static String edited(String json, Random random) {
    List<String> tokens = new ArrayList<>(List.of(json.split("(?<=[\\[\\]{},:])|(?=[\\[\\]{},])")));
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(tokens.size());
      switch (random.nextInt(4)) {
        case 0 -> tokens.add(at, pick(TOKENS, random));
        case 1 -> tokens.set(at, pick(TOKENS, random));
        case 2 -> tokens.set(at, pick(tokens, random));
        default -> {
          int to = at + random.nextInt(tokens.size() - at);
          List<String> copy = List.copyOf(tokens.subList(at, Math.min(to, at + 30)));
          tokens.addAll(at, copy);
        }
      }
    }
    return String.join("", tokens);
  }

  /** Changes one to eight places; half of the time, with checksums that are right again. */
  private static byte[] damage(byte[] archive, Random random) {
    byte[] damaged = archive.clone();
    boolean signed = random.nextBoolean();
    for (int i = random.nextInt(8); i >= 0; i--) {
      // Headers and metadata are small beside the blobs, and more worth a try.
      int at =
          random.nextInt(random.nextBoolean() ? Math.min(6000, damaged.length) : damaged.length);
      int block = at / Region.BLOCK * Region.BLOCK;
      switch (random.nextInt(4)) {
        case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> damaged[at] = TELLING[random.nextInt(TELLING.length)];
        case 2 -> {
          int to = random.nextInt(damaged.length / Region.BLOCK) * Region.BLOCK;
          System.arraycopy(damaged, block, damaged, to, Region.BLOCK);
        }
        // The size, the type and the checksum of a header.
        default ->
            damaged[block + 124 + random.nextInt(34)] = TELLING[random.nextInt(TELLING.length)];
      }
      byte[] header = Arrays.copyOfRange(damaged, block, block + Region.BLOCK);
      if (signed && new String(header, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
        TarBuilder.sign(header);
        System.arraycopy(header, 0, damaged, block, Region.BLOCK);
      }
    }
    int length = random.nextInt(10) == 0 ? random.nextInt(damaged.length) : damaged.length;
    return Arrays.copyOf(damaged, length);
  }

  private static byte[] tar(List<Part> parts) {
    TarBuilder tar = new TarBuilder();
    parts.forEach(part -> tar.entry(part.name, part.type, part.content, header -> {}));
    return tar.build();
  }

  /** As we write it: metadata first, manifests, then the rest. */
  private List<Part> ours() {
    Layer shared = images.layer("shared", 500);
    Manifest amd64 = images.image(TestImages.AMD64, shared, images.layer("a", 300));
    Manifest arm64 = images.image(TestImages.ARM64, shared);
    Manifest docker = images.dockerImage(TestImages.AMD64, shared);
    Manifest index = images.index(amd64, arm64);
    List<Part> parts = new ArrayList<>();
    parts.add(Part.file("oci-layout", TarBuilder.LAYOUT));
    parts.add(
        Part.file(
            "index.json",
            index(
                entry(index, LayoutNames.CONTAINERD_NAME, "docker.io/rancher/shell:v1"),
                entry(amd64, LayoutNames.CONTAINERD_NAME, "docker.io/rancher/shell:v2"),
                entry(docker, LayoutNames.REF_NAME, "quay.io/a/b:1"))));
    parts.add(Part.file("manifest.json", "[]"));
    addBlobs(parts, index, amd64, arm64, docker);
    return List.copyOf(parts);
  }

  /** As GNU tar and PAX writers put files of long names. */
  private List<Part> foreign() {
    Manifest image = images.image(TestImages.AMD64, images.layer("a", 500));
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("./", (byte) '5', new byte[0]));
    parts.add(new Part("pax", (byte) 'x', utf8(record("path=index.json"))));
    parts.add(Part.file("x", index(entry(image, LayoutNames.REF_NAME, "a/b:1"))));
    parts.add(new Part("././@LongLink", (byte) 'L', utf8("oci-layout\0")));
    parts.add(Part.file("y", TarBuilder.LAYOUT));
    addBlobs(parts, image);
    return List.copyOf(parts);
  }

  /** As skopeo writes it: folders, blobs by digest, and the index after them. */
  private List<Part> byOthers() {
    Manifest image = images.image(TestImages.ARM64, images.layer("b", 200));
    Manifest chart = images.artifact("a/config", "a/layer", new byte[] {1, 2, 3});
    Manifest nested = images.index(images.index(image), chart);
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("blobs/", (byte) '5', new byte[0]));
    parts.add(new Part("blobs/sha256/", (byte) '5', new byte[0]));
    addBlobs(parts, nested, images.index(image), image, chart);
    parts.add(
        Part.file(
            "index.json",
            index(
                entry(nested, LayoutNames.REF_NAME, "localhost:5000/x:latest"),
                entry(chart, LayoutNames.REF_NAME, "latest"))));
    parts.add(Part.file("oci-layout", TarBuilder.LAYOUT));
    return List.copyOf(parts);
  }

  private void addBlobs(List<Part> parts, Manifest... manifests) {
    for (Manifest manifest : manifests) {
      add(parts, manifest.digest(), manifest.bytes());
      manifest.blobs().forEach(b -> add(parts, b.digest(), images.content(b.digest())));
    }
  }

  private static void add(List<Part> parts, Digest digest, byte[] content) {
    String name = LayoutNames.blob(digest);
    if (parts.stream().noneMatch(part -> part.name.equals(name))) {
      parts.add(new Part(name, TarConstants.LF_NORMAL, content));
    }
  }

  private static String index(String... entries) {
    return "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}";
  }

  private static String entry(Manifest manifest, String annotation, String name) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":{\"%s\":\"%s\"}}"
        .formatted(
            manifest.mediaType(), manifest.digest(), manifest.bytes().length, annotation, name);
  }

  /** A PAX record, whose length counts its own digits. */
  private static String record(String keyAndValue) {
    int length = utf8(keyAndValue).length + 2;
    int digits = String.valueOf(length + 1).length();
    digits = String.valueOf(length + digits).length();
    return (length + digits) + " " + keyAndValue + "\n";
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
