package io.mirrorimages.archive.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Header blocks against those that Commons Compress writes, and against the forms that readers
 * disagree on. {@code -Dmirror-images.seed} repeats a failure.
 */
class HeaderBlockTest {
  private static final int SIZE = 124;
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());

  @Test
  void readsWhatCommonsCompressWrites() throws IOException {
    Random random = new Random(SEED);
    for (int round = 0; round < 500; round++) {
      TarArchiveEntry entry = new TarArchiveEntry(name(random), (byte) "0125".charAt(round % 4));
      entry.setSize(random.nextLong(1L << (1 + random.nextInt(62))));
      entry.setModTime(random.nextLong(-1L << 40, 1L << 40) * 1000);
      entry.setIds(random.nextInt(), random.nextInt(Integer.MAX_VALUE));
      byte[] block = new byte[Region.BLOCK];
      entry.writeEntryHeader(block, ZipEncodingHelper.getZipEncoding("UTF-8"), true);

      assertThat(HeaderBlock.parse(block))
          .as("-Dmirror-images.seed=" + SEED)
          .isEqualTo(new HeaderBlock(entry.getLinkFlag(), entry.getName(), entry.getSize(), ""));
    }
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    int length = 1 + random.nextInt(48);
    while (name.length() < length) {
      name.append("ab/.\u00fc0".charAt(random.nextInt(6)));
    }
    return "x" + name + "x";
  }

  @Test
  void refusesABlockWithOneBitTurned() {
    byte[] block = Headers.plain(Headers.put(0, "f\u00c3\u00bcr"));
    for (int at = 0; at < Region.BLOCK; at++) {
      if (at >= 148 && at < 156) {
        continue;
      }
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        byte[] damaged = block.clone();
        damaged[at] ^= (byte) (1 << bit);
        assertThatThrownBy(() -> HeaderBlock.parse(damaged))
            .as("bit %d of byte %d", bit, at)
            .isInstanceOf(NumberFormatException.class);
      }
    }
  }

  /** Old writers summed up signed bytes. */
  @Test
  void takesASignedChecksum() {
    byte[] block = Headers.plain(Headers.put(0, "f\u00c3\u00bcr\0"));
    int sum = Integer.parseInt(new String(block, 148, 6, StandardCharsets.US_ASCII), 8);
    Headers.put(148, String.format("%06o", sum - 2 * 256)).accept(block);

    assertThat(HeaderBlock.parse(block).name()).isEqualTo("f\u00fcr");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "00000000017.|15",
        "         17 |15",
        "17..........|15",
        "17 .  ......|15",
        "............|0",
        "777777777777|68719476735"
      })
  void readsAnOctalSize(String field, long size) {
    assertThat(HeaderBlock.parse(sized(field.replace('.', '\0'))).size()).isEqualTo(size);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "            ",
        " ...........",
        "           .",
        "-0000000003.",
        "+0000000003.",
        "0x00000003..",
        "000000000008",
        "00000000003/",
        "3.3.........",
        "0000003.junk"
      })
  void refusesAnOctalSizeThatIsReadDifferently(String field) {
    byte[] block = sized(field.replace('.', '\0'));

    assertThatThrownBy(() -> HeaderBlock.parse(block)).isInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "800000000000000000000003, 3",
    "800000000000000080000001, 2147483649",
    "800000007fffffffffffffff, 9223372036854775807"
  })
  void readsASizeOfBase256(String field, long size) {
    assertThat(HeaderBlock.parse(sized(bytes(field))).size()).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "810000000000000000000003",
        "800100000000000000000003",
        "800000010000000000000003",
        "800000008000000000000000",
        "ff0000000000000000000003",
        "feffffffffffffffffffffff",
        "ffffffff0000000000000000",
        "fffffffeffffffffffffffff",
        "ffffffffffffffffffffffff"
      })
  void refusesASizeOfBase256ThatIsNegativeOrTooLarge(String field) {
    byte[] block = sized(bytes(field));

    assertThatThrownBy(() -> HeaderBlock.parse(block)).isInstanceOf(NumberFormatException.class);
  }

  private static byte[] sized(String field) {
    return Headers.plain(Headers.put(SIZE, field));
  }

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }

  /** A time before 1970; a size is never below 0. */
  @Test
  void takesANegativeTime() {
    String before1970 = "\u00ff".repeat(11) + "\u00fe";

    assertThat(HeaderBlock.parse(Headers.plain(Headers.put(136, before1970))).size()).isEqualTo(3);
    byte[] odd = Headers.plain(Headers.put(136, "\u00fe" + "\u00ff".repeat(11)));
    assertThatThrownBy(() -> HeaderBlock.parse(odd)).isInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 108, 116, 136, 329, 337})
  void refusesAnyNumberThatIsNone(int field) {
    byte[] posix = Headers.plain(Headers.put(field, "junk"));
    byte[] gnu = Headers.plain(Headers.put(field, "junk").andThen(Headers.put(257, "ustar  \0")));

    assertThatThrownBy(() -> HeaderBlock.parse(posix)).isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> HeaderBlock.parse(gnu)).isInstanceOf(NumberFormatException.class);
  }

  /** Before POSIX there was nothing behind the link's name. */
  @Test
  void anOldHeaderHasNoDeviceNumbers() {
    byte[] old =
        Headers.plain(Headers.put(257, "\0".repeat(8)).andThen(Headers.put(329, "junk\0junk")));

    assertThat(HeaderBlock.parse(old)).isEqualTo(new HeaderBlock((byte) '0', "a/b", 3, ""));
  }

  @Test
  void aPosixPrefixComesBeforeTheName() {
    String longest = "p".repeat(155);

    assertThat(HeaderBlock.parse(Headers.plain(Headers.put(345, "p"))).name()).isEqualTo("p/a/b");
    assertThat(HeaderBlock.parse(Headers.plain(Headers.put(345, longest))).name())
        .isEqualTo(longest + "/a/b");
    assertThat(HeaderBlock.parse(Headers.plain(Headers.put(0, "n".repeat(100)))).name())
        .isEqualTo("n".repeat(100));
  }

  @ParameterizedTest
  @CsvSource({"257, 'ustar  \0'", "257, '\0\0\0\0\0\0\0\0'", "508, 'tar\0'"})
  void refusesThePrefixOfAnotherFormat(int at, String magic) {
    byte[] block = Headers.plain(Headers.put(345, "p").andThen(Headers.put(at, magic)));

    assertThatThrownBy(() -> HeaderBlock.parse(block))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("has a name that programs read differently");
    byte[] last = Headers.plain(Headers.put(499, "p").andThen(Headers.put(at, magic)));
    assertThatThrownBy(() -> HeaderBlock.parse(last))
        .isExactlyInstanceOf(IllegalArgumentException.class);
    byte[] behind = Headers.plain(Headers.put(500, "p").andThen(Headers.put(at, magic)));
    assertThat(HeaderBlock.parse(behind).name()).isEqualTo("a/b");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 345})
  void refusesANameThatIsNotUtf8(int at) {
    assertThatThrownBy(() -> HeaderBlock.parse(Headers.plain(Headers.put(at, "f\u00fcr\0"))))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("has a name that is not UTF-8");
  }

  @Test
  void onlyZerosAreZero() {
    byte[] block = new byte[Region.BLOCK];
    assertThat(HeaderBlock.isZero(block)).isTrue();
    for (int at : new int[] {0, 511}) {
      byte[] other = block.clone();
      other[at] = 1;
      assertThat(HeaderBlock.isZero(other)).isFalse();
    }
  }
}
