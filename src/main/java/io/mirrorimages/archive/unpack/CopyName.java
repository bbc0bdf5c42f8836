package io.mirrorimages.archive.unpack;

import io.mirrorimages.archive.file.PositionalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names of the unpacked copy of a file.
 *
 * @param copy the copy, when it is whole
 */
record CopyName(Path copy) {
  private static final String MARK = ".unpacked-";
  private static final int SAMPLE = 64 * 1024;
  private static final int ID_BYTES = 8;

  /**
   * The copy of {@code file} in {@code folder}: told from those of other bytes by size, time, and
   * the first and last 64 KiB.
   *
   * @param path that of {@code file}
   */
  static CopyName of(PositionalFile file, Path path, Path folder) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    long size = file.size();
    int sample = (int) Math.min(SAMPLE, size);
    MessageDigest hash = sha256();
    hash.update(ByteBuffer.allocate(Long.BYTES).putLong(size).flip());
    hash.update(attributes.lastModifiedTime().toString().getBytes(StandardCharsets.UTF_8));
    hash.update(file.readFully(0, sample));
    hash.update(file.readFully(size - sample, sample));
    String id = HexFormat.of().formatHex(hash.digest(), 0, ID_BYTES);
    return new CopyName(folder.resolve(path.getFileName() + MARK + id));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same until it is whole. */
  Path partial() {
    return copy.resolveSibling(copy.getFileName() + ".partial");
  }

  /** The file that is locked by who makes or reads it. */
  Path lock() {
    return copy.resolveSibling(copy.getFileName() + ".lock");
  }

  /** Whether the copy is there. */
  boolean exists() {
    return Files.exists(copy, LinkOption.NOFOLLOW_LINKS);
  }
}
