package io.mirrorimages.archive.tar;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One header block of a tar, read as its strictest readers read it: what GNU tar, Go's archive/tar
 * and Python's tarfile understand in different ways is refused, since such an archive has one
 * content here and another there.
 *
 * <p>They differ in the prefix of a name (Go and GNU tar join it in a POSIX header only, others
 * always; star has a shorter one), and in numbers: blanks, NULs and signs around octal digits,
 * first bytes of base-256.
 *
 * @param type the type flag
 * @param name prefix and name, joined, as they are in the block
 * @param size of the data in bytes, 0 or more
 * @param link where a link leads, as it is in the block; empty for all but links
 */
record HeaderBlock(byte type, String name, long size, String link) {
  private static final int NAME = 100;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int LINK = 157;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int PREFIX_END = 500;
  private static final int TRAILER = 508;
  private static final int LONG = 8;

  /**
   * Reads a block of 512 bytes.
   *
   * @throws NumberFormatException if it is no header: damaged, or not a tar at all
   * @throws IllegalArgumentException if it is one that is read differently elsewhere, with why
   */
  static HeaderBlock parse(byte[] block) {
    check(sumIsRight(block));
    // Mode, user, group and time tell us nothing, but others refuse the whole file for them.
    number(block, 100, 8);
    number(block, 108, 8);
    number(block, 116, 8);
    number(block, 136, 12);
    long size = number(block, 124, 12);
    check(size >= 0);
    boolean posix = has(block, MAGIC, "ustar\0");
    if (posix || has(block, MAGIC, "ustar  \0")) {
      number(block, 329, 8);
      number(block, 337, 8);
    }
    String name = text(block, 0, NAME);
    if (!isZero(block, PREFIX, PREFIX_END)) {
      if (!posix || has(block, TRAILER, "tar\0")) {
        throw new IllegalArgumentException("has a name that programs read differently");
      }
      name = text(block, PREFIX, PREFIX_END) + "/" + name;
    }
    boolean link = block[TYPE] == '1' || block[TYPE] == '2';
    return new HeaderBlock(block[TYPE], name, size, link ? text(block, LINK, MAGIC) : "");
  }

  static boolean isZero(byte[] block) {
    return isZero(block, 0, block.length);
  }

  /** Text in UTF-8; {@link IllegalArgumentException} if it is in something else. */
  static String utf8(byte[] bytes, int start, int end) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, end - start))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("has a name that is not UTF-8", e);
    }
  }

  private static boolean sumIsRight(byte[] block) {
    int unsigned = 0;
    int signed = 0;
    for (int i = 0; i < block.length; i++) {
      byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
      unsigned += b & 0xff;
      signed += b;
    }
    long sum = number(block, CHECKSUM, 8);
    return sum == unsigned || sum == signed;
  }

  private static long number(byte[] block, int start, int length) {
    return block[start] < 0 ? binary(block, start, length) : octal(block, start, length);
  }

  /** Blanks, digits, then blanks and NULs up to the end; or nothing but NULs, which is 0. */
  private static long octal(byte[] block, int start, int length) {
    int at = start;
    int end = start + length;
    while (at < end && block[at] == ' ') {
      at++;
    }
    check(at == start || (at < end && block[at] != 0));
    long value = 0;
    while (at < end && block[at] >= '0' && block[at] <= '7') {
      value = value * 8 + block[at] - '0';
      at++;
    }
    while (at < end) {
      check(block[at] == ' ' || block[at] == 0);
      at++;
    }
    return value;
  }

  /** Base-256 with a sign, in as many bytes as a long has. */
  private static long binary(byte[] block, int start, int length) {
    int end = start + length;
    int digits = Math.min(LONG, length - 1);
    byte sign = (byte) (block[start] == (byte) 0x80 ? 0 : 0xff);
    check(sign == 0 || block[start] == sign);
    for (int i = start + 1; i < end - digits; i++) {
      check(block[i] == sign);
    }
    long value = sign;
    for (int i = end - digits; i < end; i++) {
      value = value << Byte.SIZE | (block[i] & 0xff);
    }
    check(value < 0 == sign < 0);
    return value;
  }

  private static String text(byte[] block, int start, int end) {
    int at = start;
    while (at < end && block[at] != 0) {
      at++;
    }
    return utf8(block, start, at);
  }

  private static boolean has(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Arrays.equals(block, at, at + bytes.length, bytes, 0, bytes.length);
  }

  private static boolean isZero(byte[] block, int start, int end) {
    for (int i = start; i < end; i++) {
      if (block[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static void check(boolean condition) {
    if (!condition) {
      throw new NumberFormatException("no tar header");
    }
  }
}
