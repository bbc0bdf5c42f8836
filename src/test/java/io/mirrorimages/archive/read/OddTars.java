package io.mirrorimages.archive.read;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Makes small tars whose headers are odd in the places where readers differ: names, prefixes,
 * numbers, extended headers, ends. The same random numbers give the same tar.
 */
final class OddTars {
  private static final List<String> NAMES =
      List.of("index.json", "./index.json", "a/b", "a//b", "x/", "x", "f\u00fcr", "");
  private static final List<String> RECORDS =
      List.of(
          "path=index.json",
          "path=other",
          "path=",
          "path=folder/",
          "path=a\0b",
          "size=3",
          "size=+3",
          "size=",
          "size=0",
          "size=1024",
          "size=-1",
          "linkpath=y",
          "linkpath=",
          "mtime=1.5",
          "mtime=x",
          "uid=7",
          "uid=x",
          "uname=a\0b",
          "comment=",
          "hdrcharset=BINARY",
          "GNU.sparse.major=1",
          "GNU.sparse.name=other",
          "SCHILY.xattr.user.a=b",
          "=x");
  private static final List<String> NUMBERS =
      List.of(
          "00000000003\0",
          "          3 ",
          "3\0\0\0\0\0\0\0\0\0\0\0",
          "3 \0          ",
          "\0" + "0000000003 ",
          "-0000000003\0",
          "+0000000003\0",
          "0x000000003\0",
          "0_000000003\0",
          "0000003\0junk",
          "            ",
          "\0\0\0\0\0\0\0\0\0\0\0\0",
          "\u0080\0\0\0\0\0\0\0\0\0\0\3",
          "\u0081\0\0\0\0\0\0\0\0\0\0\3",
          "\u0080\1\0\0\0\0\0\0\0\0\0\3",
          "\u0080\0\0\1\0\0\0\0\0\0\0\3",
          "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00fd",
          "000000000009");
  private static final String TYPES = "000000\0\0\00057123456SZ";

  private OddTars() {}

  /** The next tar; about one in three is nothing special. */
  static byte[] next(Random random) {
    TarBuilder tar = new TarBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      if (random.nextInt(3) == 0) {
        extend(tar, random);
      }
      byte[] content = new byte[random.nextInt(4) == 0 ? 1500 : random.nextInt(4)];
      Arrays.fill(content, (byte) ('a' + random.nextInt(3)));
      byte type = (byte) TYPES.charAt(random.nextInt(TYPES.length()));
      Consumer<byte[]> change = random.nextInt(3) == 0 ? change(random) : block -> {};
      tar.entry(
          pick(NAMES, random), type, type == '0' || type == 0 ? content : new byte[0], change);
    }
    return end(tar, random);
  }

  private static void extend(TarBuilder tar, Random random) {
    switch (random.nextInt(6)) {
      case 0 ->
          tar.entry("././@LongLink", (byte) 'L', bytes(pick(NAMES, random) + "\0"), block -> {});
      case 1 -> tar.entry("././@LongLink", (byte) 'K', bytes("link\0"), block -> {});
      case 2 -> tar.entry("g", (byte) 'g', bytes(record(pick(RECORDS, random))), block -> {});
      default -> {
        StringBuilder records = new StringBuilder(record(pick(RECORDS, random)));
        if (random.nextInt(3) == 0) {
          records.append(record(pick(RECORDS, random)));
        }
        tar.entry("pax", (byte) 'x', bytes(records.toString()), block -> {});
      }
    }
    if (random.nextInt(6) == 0) {
      extend(tar, random);
    }
  }

  private static Consumer<byte[]> change(Random random) {
    return switch (random.nextInt(7)) {
      // A prefix, in a header of each format.
      case 0 -> put(345, "junk");
      case 1 -> put(345, "junk").andThen(put(257, "\0\0\0\0\0\0\0\0"));
      case 2 -> put(345, "junk").andThen(put(257, "ustar  \0"));
      case 3 -> put(345, "junk").andThen(put(508, "tar\0"));
      case 4 -> put(124, pick(NUMBERS, random));
      case 5 ->
          put(List.of(100, 108, 116).get(random.nextInt(3)), pick(NUMBERS, random).substring(4));
      default -> put(136, pick(NUMBERS, random));
    };
  }

  private static Consumer<byte[]> put(int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return block -> System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static byte[] end(TarBuilder tar, Random random) {
    byte[] whole = tar.withoutEnd();
    return switch (random.nextInt(12)) {
      case 0 -> whole;
      case 1 -> Arrays.copyOf(whole, whole.length + 512);
      case 2 -> {
        byte[] twice = Arrays.copyOf(whole, 2 * whole.length + 512);
        System.arraycopy(whole, 0, twice, whole.length + 512, whole.length);
        yield twice;
      }
      default -> Arrays.copyOf(whole, whole.length + 1024);
    };
  }

  static String record(String record) {
    int length = record.getBytes(StandardCharsets.UTF_8).length + 2;
    int digits = Integer.toString(length).length();
    digits = Integer.toString(length + digits).length();
    return (length + digits) + " " + record + "\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
