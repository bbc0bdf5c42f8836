package io.mirrorimages.archive.read;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists a tar by the rules of Go's archive/tar (package documentation and behaviour of Go 1.26),
 * which reads archives for containerd, docker and skopeo. OtherTarReadersIT compares it with the
 * original where Go is installed.
 */
final class GoTar {
  private final byte[] tar;
  private int at;

  private GoTar(byte[] tar) {
    this.tar = tar;
  }

  /** Each regular file as {@code name size}; {@link IllegalStateException} where Go gives up. */
  static List<String> list(byte[] tar) {
    return new GoTar(tar).files();
  }

  private List<String> files() {
    List<String> files = new ArrayList<>();
    Map<String, String> pax = Map.of();
    String longName = "";
    while (true) {
      byte[] block = block();
      if (block == null || isZero(block)) {
        byte[] second = block == null ? null : block();
        require(second == null || isZero(second));
        return files;
      }
      long size = header(block);
      switch (block[156]) {
        case 'x', 'g' -> {
          Map<String, String> records = records(special(size));
          pax = block[156] == 'x' ? records : Map.of();
          longName = block[156] == 'x' ? longName : "";
        }
        case 'L' -> longName = text(special(size), 0, (int) size);
        case 'K' -> special(size);
        default -> {
          checkNumbers(pax);
          String name = pax.getOrDefault("path", "").isEmpty() ? name(block) : pax.get("path");
          name = longName.isEmpty() ? name : longName;
          if (!pax.getOrDefault("size", "").isEmpty()) {
            size = Long.parseLong(pax.get("size"));
          }
          if (block[156] == 'S' || pax.keySet().stream().anyMatch(k -> k.startsWith("GNU."))) {
            throw new IllegalStateException("sparse");
          }
          if (block[156] == '0' || block[156] == 0 && !name.endsWith("/")) {
            files.add(name + " " + size);
          }
          // Of links, devices, folders and pipes the size means nothing.
          boolean empty =
              "123456".indexOf(block[156]) >= 0 || block[156] == 0 && name.endsWith("/");
          require(empty || size >= 0);
          skip(empty ? 0 : size);
          pax = Map.of();
          longName = "";
        }
      }
    }
  }

  /** The size. */
  private static long header(byte[] block) {
    int unsigned = 0;
    int signed = 0;
    for (int i = 0; i < 512; i++) {
      int b = i >= 148 && i < 156 ? ' ' : block[i];
      unsigned += b & 0xff;
      signed += b;
    }
    long sum = octal(block, 148, 8);
    require(sum == unsigned || sum == signed);
    number(block, 100, 8);
    number(block, 108, 8);
    number(block, 116, 8);
    number(block, 136, 12);
    if (magic(block).startsWith("ustar\0") || magic(block).equals("ustar  \0")) {
      number(block, 329, 8);
      number(block, 337, 8);
    }
    long size = number(block, 124, 12);
    require(size >= 0);
    return size;
  }

  private static String magic(byte[] block) {
    return new String(block, 257, 8, StandardCharsets.ISO_8859_1);
  }

  private static String name(byte[] block) {
    String name = text(block, 0, 100);
    boolean star = new String(block, 508, 4, StandardCharsets.ISO_8859_1).equals("tar\0");
    boolean prefixed = magic(block).startsWith("ustar\0") || hasPrefixForTimes(block);
    String prefix = prefixed ? text(block, 345, star ? 345 + 131 : 500) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /** Go writers once put a prefix where GNU tar has times. */
  private static boolean hasPrefixForTimes(byte[] block) {
    if (!magic(block).equals("ustar  \0")) {
      return false;
    }
    try {
      number(block, 345, 12);
      number(block, 357, 12);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static long number(byte[] block, int start, int length) {
    if (block[start] >= 0) {
      return octal(block, start, length);
    }
    int invert = (block[start] & 0x40) != 0 ? 0xff : 0;
    long value = 0;
    for (int i = 0; i < length; i++) {
      int b = (block[start + i] & 0xff ^ invert) & (i == 0 ? 0x7f : 0xff);
      require(value >>> 56 == 0);
      value = value << 8 | b;
    }
    require(value >= 0);
    return invert == 0 ? value : ~value;
  }

  private static long octal(byte[] block, int start, int length) {
    int from = start;
    int to = start + length;
    while (from < to && (block[from] == ' ' || block[from] == 0)) {
      from++;
    }
    while (to > from && (block[to - 1] == ' ' || block[to - 1] == 0)) {
      to--;
    }
    String digits = text(block, from, to);
    require(digits.matches("[0-7]*"));
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private static Map<String, String> records(byte[] data) {
    Map<String, String> records = new HashMap<>();
    String rest = new String(data, StandardCharsets.ISO_8859_1);
    while (!rest.isEmpty()) {
      int blank = rest.indexOf(' ');
      require(blank > 0 && rest.substring(0, blank).matches("[+]?[0-9]{1,9}"));
      int length = Integer.parseInt(rest.substring(0, blank));
      require(length >= 5 && length <= rest.length() && length > blank + 1);
      require(rest.charAt(length - 1) == '\n');
      String record = rest.substring(blank + 1, length - 1);
      int equals = record.indexOf('=');
      require(equals > 0);
      String key = record.substring(0, equals);
      String value = record.substring(equals + 1);
      boolean text = List.of("path", "linkpath", "uname", "gname").contains(key);
      require((text ? value : key).indexOf('\0') < 0);
      records.put(key, utf8(value));
      rest = rest.substring(length);
    }
    return records;
  }

  private static void checkNumbers(Map<String, String> pax) {
    for (String key : List.of("size", "uid", "gid")) {
      require(pax.getOrDefault(key, "").matches("|[+-]?[0-9]{1,18}"));
    }
    for (String key : List.of("mtime", "atime", "ctime")) {
      require(pax.getOrDefault(key, "").matches("|[+-]?[0-9]{1,18}([.][0-9]*)?"));
    }
  }

  private byte[] special(long size) {
    require(size <= tar.length - at);
    byte[] data = Arrays.copyOfRange(tar, at, at + (int) size);
    skip(size);
    return data;
  }

  private byte[] block() {
    if (at >= tar.length) {
      return null;
    }
    require(at + 512 <= tar.length);
    at += 512;
    return Arrays.copyOfRange(tar, at - 512, at);
  }

  private void skip(long size) {
    require(size <= tar.length - at);
    at += (int) ((size + 511) / 512 * 512);
  }

  private static String text(byte[] bytes, int from, int to) {
    int end = from;
    while (end < to && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  private static String utf8(String latin) {
    return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static boolean isZero(byte[] block) {
    return Arrays.equals(block, new byte[512]);
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new IllegalStateException("archive/tar: invalid tar header");
    }
  }
}
