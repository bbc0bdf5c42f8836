package io.mirrorimages.benchmark;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The folder of a {@code docker-registry}, filled and read while none runs on it: so that no tool
 * that is measured has a hand in what it is measured with. Not thread-safe.
 */
final class RegistryStorage {
  /** What {@link #layer} makes. */
  static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  private static final int BLOCK = 0xffff;
  private static final int BLOCK_HEADER = 5;
  private static final int TRAILER = 8;
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private final Path folder;
  private final Path root;

  /** One in a folder that is there or not. */
  RegistryStorage(Path folder) throws IOException {
    this.folder = folder;
    root = folder.resolve("docker/registry/v2");
    Files.createDirectories(root.resolve("blobs/sha256"));
    Files.createDirectories(root.resolve("repositories"));
  }

  /** Where it is. */
  Path folder() {
    return folder;
  }

  /**
   * Stores a layer of random bytes: gzip (stored blocks of RFC 1951), since tools that find none
   * would compress it.
   *
   * @param bytes about how many it is to have; within a few dozen
   */
  Descriptor layer(long bytes, RandomGenerator random) throws IOException {
    long content = Math.max(1, bytes - HEADER.length - TRAILER - bytes / BLOCK * BLOCK_HEADER);
    MessageDigest hasher = Digest.sha256(new byte[0]).newHasher();
    Path file = root.resolve("new");
    CRC32 checksum = new CRC32();
    try (OutputStream out = Files.newOutputStream(file)) {
      write(out, hasher, HEADER, HEADER.length);
      byte[] block = new byte[BLOCK_HEADER + BLOCK];
      byte[] fresh = new byte[BLOCK];
      for (long left = content; left > 0; left -= BLOCK) {
        int length = (int) Math.min(BLOCK, left);
        random.nextBytes(fresh);
        ByteBuffer.wrap(block)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) (left == length ? 1 : 0))
            .putShort((short) length)
            .putShort((short) ~length)
            .put(fresh, 0, length);
        checksum.update(fresh, 0, length);
        write(out, hasher, block, BLOCK_HEADER + length);
      }
      byte[] trailer =
          ByteBuffer.allocate(TRAILER)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt((int) checksum.getValue())
              .putInt((int) content)
              .array();
      write(out, hasher, trailer, TRAILER);
    }
    return store(LAYER, file, hasher);
  }

  /** Stores a layer of zeros, which takes no room here; an empty tar, for those who look. */
  Descriptor zeros(long bytes) throws IOException {
    Path file = root.resolve("new");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(bytes);
    }
    MessageDigest hasher = Digest.sha256(new byte[0]).newHasher();
    byte[] zeros = new byte[1 << 20];
    for (long left = bytes; left > 0; left -= zeros.length) {
      hasher.update(zeros, 0, (int) Math.min(zeros.length, left));
    }
    return store("application/vnd.oci.image.layer.v1.tar", file, hasher);
  }

  /** Stores a config, or a manifest. */
  Descriptor document(String mediaType, byte[] bytes) throws IOException {
    Path file = Files.write(root.resolve("new"), bytes);
    MessageDigest hasher = Digest.sha256(new byte[0]).newHasher();
    hasher.update(bytes);
    return store(mediaType, file, hasher);
  }

  /** Shows a blob in a repository. */
  void showBlob(String repository, Digest blob) throws IOException {
    link(repository, "_layers/sha256/" + blob.hex(), blob);
  }

  /** Shows a manifest in a repository, by its digest. */
  void showManifest(String repository, Digest manifest) throws IOException {
    link(repository, "_manifests/revisions/sha256/" + manifest.hex(), manifest);
  }

  /** Shows a manifest in a repository, by digest and tag. */
  void tag(String repository, String tag, Digest manifest) throws IOException {
    showManifest(repository, manifest);
    String folder = "_manifests/tags/" + tag;
    link(repository, folder + "/index/sha256/" + manifest.hex(), manifest);
    link(repository, folder + "/current", manifest);
  }

  /** What all tags show, sorted: one entry for each tag. */
  List<String> tagged() throws IOException {
    List<String> shown = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root.resolve("repositories"))) {
      for (Path link : files.filter(f -> f.endsWith("current/link")).sorted().toList()) {
        shown.add(Files.readString(link));
      }
    }
    return shown.stream().sorted().toList();
  }

  /** Forgets all manifests and keeps the blobs where they are shown. */
  void forgetManifests() throws IOException {
    List<Path> manifests;
    try (Stream<Path> files = Files.walk(root.resolve("repositories"))) {
      manifests = files.filter(f -> f.endsWith("_manifests")).toList();
    }
    for (Path of : manifests) {
      Folders.delete(of);
    }
  }

  private void link(String repository, String place, Digest to) throws IOException {
    Path file = root.resolve("repositories/" + repository + "/" + place + "/link");
    Files.createDirectories(file.getParent());
    Files.writeString(file, to.toString());
  }

  private Descriptor store(String mediaType, Path file, MessageDigest hasher) throws IOException {
    Digest digest = new Digest("sha256", HexFormat.of().formatHex(hasher.digest()));
    Path data =
        root.resolve("blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex() + "/data");
    Files.createDirectories(data.getParent());
    Files.move(file, data, StandardCopyOption.REPLACE_EXISTING);
    return new Descriptor(mediaType, digest, Files.size(data));
  }

  private static void write(OutputStream out, MessageDigest hasher, byte[] bytes, int length)
      throws IOException {
    hasher.update(bytes, 0, length);
    out.write(bytes, 0, length);
  }
}
