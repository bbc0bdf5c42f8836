package io.mirrorimages.archive.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** Header blocks for tests, changed at will and then signed, so that only the change is wrong. */
final class Headers {
  private Headers() {}

  /** A POSIX header of a file {@code a/b} of 3 bytes. */
  static byte[] plain(Consumer<byte[]> change) {
    return block("a/b", '0', 3, change);
  }

  static byte[] block(String name, char type, long size, Consumer<byte[]> change) {
    byte[] block = new byte[Region.BLOCK];
    TarArchiveEntry entry = new TarArchiveEntry("placeholder", (byte) type);
    entry.setSize(size);
    entry.writeEntryHeader(block);
    Arrays.fill(block, 0, 100, (byte) 0);
    byte[] raw = name.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(raw, 0, block, 0, raw.length);
    change.accept(block);
    return signed(block);
  }

  /** Overwrites the bytes at {@code at}; each character is one byte. */
  static Consumer<byte[]> put(int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return block -> System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  static byte[] signed(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(148, String.format("%06o\0 ", sum)).accept(block);
    return block;
  }

  /** {@code data} up to the end of its last block. */
  static byte[] padded(byte[] data) {
    return Arrays.copyOf(data, (data.length + Region.BLOCK - 1) / Region.BLOCK * Region.BLOCK);
  }

  /** A PAX record with its length before it. */
  static String record(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length + 2;
    int digits = Integer.toString(length).length();
    digits = Integer.toString(length + digits).length();
    return (length + digits) + " " + text + "\n";
  }
}
