package io.mirrorimages.archive.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dmirror-images.seed} repeats a failure. */
class PaxRecordsTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());

  @Test
  void readsTheNamesThatCommonsCompressWrites() {
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      StringBuilder name = new StringBuilder("n");
      while (name.length() < 101 + round) {
        name.append("ab/=\u00fc\u4e2d1 ".charAt(random.nextInt(8)));
      }
      name.append("n");
      byte[] header = TarHeader.of(name.toString(), 5);
      int size = (int) HeaderBlock.parse(Arrays.copyOf(header, Region.BLOCK)).size();
      PaxRecords records =
          PaxRecords.parse(Arrays.copyOfRange(header, Region.BLOCK, Region.BLOCK + size));

      assertThat(records.path()).as("-Dmirror-images.seed=" + SEED).contains(name.toString());
      assertThat(records.size()).isEmpty();
    }
  }

  @Test
  void readsEachRecord() {
    PaxRecords records = parse("path=f\u00fcr", "size=9223372036854775807", "comment=");

    assertThat(records.path()).contains("f\u00fcr");
    assertThat(records.size()).contains(Long.MAX_VALUE);
    assertThat(PaxRecords.parse(new byte[0]).path()).isEmpty();
    assertThat(PaxRecords.parse(new byte[0]).size()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "path=a, true",
    "size=1, true",
    "linkpath=b, true",
    "mtime=1.5, false",
    "mtime=-1., false",
    "atime=1, false",
    "ctime=0, false",
    "uid=-7, false",
    "gid=7, false",
    "uname=root, false",
    "hdrcharset=ISO-IR 10646 2000 UTF-8, false",
    "comment=a=b, false"
  })
  void tellsWhatConcernsFiles(String record, boolean concerns) {
    assertThat(parse(record).concernFiles()).isEqualTo(concerns);
  }

  @ParameterizedTest
  @CsvSource({
    "path=, has an empty path",
    "linkpath=, has an empty linkpath",
    "size=, has an impossible size",
    "size=-1, has an impossible size",
    "size=+1, has an impossible size",
    "size=9223372036854775808, has an impossible size",
    "size=10000000000000000000, has an impossible size",
    "size=00000000000000000001, has an impossible size",
    "mtime=x, has an impossible mtime",
    "mtime=1.5.5, has an impossible mtime",
    "atime=, has an impossible atime",
    "ctime=1e9, has an impossible ctime",
    "uid=x, has an impossible uid",
    "gid=1.5, has an impossible gid",
    "hdrcharset=BINARY, has names that are not UTF-8",
    "GNU.sparse.major=1, is a sparse file",
    "SCHILY.realsize=9, is a sparse file"
  })
  void refusesWhatIsReadDifferently(String record, String because) {
    assertThatThrownBy(() -> parse(record))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(because);
  }

  @Test
  void refusesARecordThatIsThereTwice() {
    assertThatThrownBy(() -> parse("path=a", "path=a"))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("has the record path twice");
  }

  @Test
  void refusesANameThatIsNotUtf8() {
    byte[] latin = "9 path=\u00fc\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> PaxRecords.parse(latin))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("has a name that is not UTF-8");
  }

  /** Other values are not text: a file's attributes are bytes. */
  @Test
  void takesBytesElsewhere() {
    byte[] latin = "13 comment=\u00fc\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(PaxRecords.parse(latin).concernFiles()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "path=a\n",
        " path=a\n",
        "9path=a\n ",
        "9",
        "9 ",
        "11 path=a\n",
        "8 path=a\n",
        "9 path=ab",
        "9 path=a\n9",
        "2 \n",
        "0 \n",
        "7 =abc\n",
        "8 abcde\n",
        "8 abcd\n=",
        "00000016 path=a\n",
        "99999999 path=a\n",
        "-9 path=a\n",
        "8 a\0b=c\n",
        "8 \0ab=c\n",
        "9path=ab\n",
        "11 uname=\0\n",
        "11 gname=\0\n"
      })
  void refusesWhatIsMalformed(String data) {
    assertThatThrownBy(() -> PaxRecords.parse(data.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(NumberFormatException.class)
        .hasMessage("malformed PAX records");
  }

  @Test
  void takesALengthOfSevenDigits() {
    byte[] data = "0000015 path=a\n".getBytes(StandardCharsets.UTF_8);

    assertThat(PaxRecords.parse(data).path()).contains("a");
  }

  private static PaxRecords parse(String... records) {
    StringBuilder data = new StringBuilder();
    for (String record : records) {
      data.append(Headers.record(record));
    }
    return PaxRecords.parse(data.toString().getBytes(StandardCharsets.UTF_8));
  }
}
