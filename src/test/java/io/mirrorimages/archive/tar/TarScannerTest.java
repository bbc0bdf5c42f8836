package io.mirrorimages.archive.tar;

import static io.mirrorimages.archive.tar.Headers.block;
import static io.mirrorimages.archive.tar.Headers.put;
import static io.mirrorimages.archive.tar.Headers.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.failure.TransferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The walk through a tar, compared with that of Commons Compress. {@code -Dmirror-images.seed}
 * repeats a failure.
 */
class TarScannerTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());
  private static final byte[] END = new byte[2 * Region.BLOCK];
  private static final byte[] FILE_HEADER = block("a", '0', 3, b -> {});
  private static final byte[] FILE = join(FILE_HEADER, Headers.padded(utf8("abc")));

  @TempDir Path folder;

  @Test
  void findsWhatCommonsCompressFinds() throws IOException {
    Random random = new Random(SEED);
    for (int longNames :
        new int[] {TarArchiveOutputStream.LONGFILE_POSIX, TarArchiveOutputStream.LONGFILE_GNU}) {
      byte[] tar = tar(random, longNames);
      List<FileEntry> expected = new ArrayList<>();
      try (TarFile file = new TarFile(tar)) {
        for (TarArchiveEntry entry : file.getEntries()) {
          FileEntry.EntryType kind =
              entry.isDirectory()
                  ? FileEntry.EntryType.FOLDER
                  : entry.isLink() || entry.isSymbolicLink()
                      ? FileEntry.EntryType.LINK
                      : FileEntry.EntryType.FILE;
          String name = entry.getName().replaceFirst("/+$", "");
          String target = entry.isSymbolicLink() ? entry.getLinkName() : "";
          expected.add(new FileEntry(kind, name, entry.getDataOffset(), entry.getSize(), target));
        }
      }

      assertThat(scan(tar)).as("-Dmirror-images.seed=" + SEED).isEqualTo(expected).hasSize(40);
    }
  }

  private static byte[] tar(Random random, int longNames) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      out.setLongFileMode(longNames);
      for (int i = 0; i < 40; i++) {
        String name = i + "/" + "\u00fc".repeat(random.nextInt(90));
        byte type = (byte) "0005122".charAt(random.nextInt(7));
        TarArchiveEntry entry = new TarArchiveEntry(name + (type == '5' ? "/" : "f"), type);
        byte[] content = new byte[type == '0' ? random.nextInt(1500) : 0];
        entry.setSize(content.length);
        entry.setLinkName(type == '2' ? "l".repeat(random.nextInt(1, 200)) : "");
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "./a/b, a/b",
    "a//b, a/b",
    "a/./b, a/b",
    "..a/b.., ..a/b..",
    "a\\..\\b, a\\..\\b",
    "' a', ' a'",
  })
  void normalisesNames(String raw, String name) throws IOException {
    assertThat(scan(join(block(raw, '0', 0, b -> {}), END)))
        .containsExactly(new FileEntry(FileEntry.EntryType.FILE, name, 512, 0));
  }

  @Test
  void theFolderOfAllOthersHasNoName() throws IOException {
    assertThat(scan(join(block("./", '5', 0, b -> {}), END)))
        .containsExactly(new FileEntry(FileEntry.EntryType.FOLDER, "", 512, 0));
  }

  /** Writers before POSIX had no type; the name says what is a folder. */
  @Test
  void takesEntriesWithoutType() throws IOException {
    assertThat(scan(join(block("a", '\0', 0, b -> {}), block("b/", '\0', 0, b -> {}), END)))
        .containsExactly(
            new FileEntry(FileEntry.EntryType.FILE, "a", 512, 0),
            new FileEntry(FileEntry.EntryType.FOLDER, "b", 1024, 0));
  }

  @Test
  void anExtendedHeaderIsForTheNextEntryOnly() throws IOException {
    byte[] tar = join(extended('x', record("path=long") + record("size=3")), FILE, FILE, END);

    assertThat(scan(tar))
        .containsExactly(
            new FileEntry(FileEntry.EntryType.FILE, "long", 1536, 3),
            new FileEntry(FileEntry.EntryType.FILE, "a", 2560, 3));
  }

  /** Its size counts where the header itself can't say it. */
  @Test
  void thePaxSizeIsTheSize() throws IOException {
    byte[] tar = join(extended('x', record("size=513")), FILE, new byte[Region.BLOCK], END);

    assertThat(scan(tar)).containsExactly(new FileEntry(FileEntry.EntryType.FILE, "a", 1536, 513));
  }

  @Test
  void zerosMayFollowTheEndMarkerAndAGlobalHeaderMayComeBefore() throws IOException {
    byte[] tar =
        join(extended('g', record("comment=" + "c".repeat(40))), FILE, END, new byte[9999]);

    assertThat(scan(tar)).containsExactly(new FileEntry(FileEntry.EntryType.FILE, "a", 1536, 3));
  }

  @Test
  void oneBlockOfZerosMayBeAllThatIsLeft() throws IOException {
    assertThat(scan(join(FILE, new byte[Region.BLOCK]))).hasSize(1);
    assertThat(scan(join(FILE, new byte[Region.BLOCK + 100]))).hasSize(1);
  }

  @Test
  void tellsAnEmptyTar() throws IOException {
    assertThat(isEmptyAfterFirst(END)).isTrue();
    assertThat(isEmptyAfterFirst(join(FILE, END))).isFalse();
  }

  private boolean isEmptyAfterFirst(byte[] tar) throws IOException {
    Path path = Files.write(folder.resolve("e.tar"), tar);
    try (PositionalFile file = PositionalFile.forReading(path)) {
      TarScanner scanner = new TarScanner(file, new ArchiveErrors(path));
      scanner.next();
      return scanner.isEmpty();
    }
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("text", Headers.padded(utf8("hello")), "is not a tar file"),
        arguments("less than a block", Arrays.copyOf(FILE, 511), "is not a tar file"),
        arguments("no header", join(FILE, Headers.padded(utf8("x"))), "is damaged at byte 1024"),
        arguments("no end", FILE, "ends without the mark of its end"),
        arguments("cut header", Arrays.copyOf(join(FILE, FILE), 1500), "ends without the mark"),
        arguments("cut data", Arrays.copyOf(FILE, 514), "ends in the middle of \"a\""),
        arguments("cut padding", Arrays.copyOf(FILE, 1023), "ends right after \"a\""),
        arguments(
            "cut after data",
            join(block("a", '0', 512, b -> {}), new byte[512]),
            "without the mark of its end"),
        arguments("half a mark and a block", join(new byte[512], FILE_HEADER), "half of the mark"),
        arguments("something behind the mark", join(FILE, END, utf8("whatever")), "has 8 bytes"),
        arguments("half a mark", join(FILE, new byte[512], FILE), "half of the mark of its end"),
        arguments("absolute", named("/a"), "\"/a\" has an absolute name"),
        arguments("parent", named("a/../b"), "points outside of the archive"),
        arguments("parent last", named("a/.."), "points outside of the archive"),
        arguments("slash", named("a/"), "is a file with the name of a folder"),
        arguments("no name", named("."), "is a file with the name of a folder"),
        arguments("link", join(block("a/", '2', 0, b -> {}), END), "the name of a folder"),
        arguments(
            "NUL", join(extended('x', record("path=a\0b")), FILE, END), "has a NUL in its name"),
        arguments(
            "NUL first",
            join(extended('x', record("path=\0a")), FILE, END),
            "has a NUL in its name"),
        arguments("fifo", join(block("a", '6', 0, b -> {}), END), "\"a\" is no regular file"),
        arguments("sparse", join(block("a", 'S', 0, b -> {}), END), "is no regular file"),
        arguments("full link", join(block("a", '1', 1, b -> {}), END), "is a link with content"),
        arguments(
            "full folder", join(block("a", '5', 1, b -> {}), END), "is a folder with content"),
        arguments("two pax", twice('x', 'x', record("path=b")), "two extended headers"),
        arguments("L then x", twice('L', 'x', record("path=b")), "two extended headers"),
        arguments("x then L", twice('x', 'L', record("path=b")), "two extended headers"),
        arguments("L then L", twice('L', 'L', "b\0"), "two extended headers"),
        arguments("K then K", twice('K', 'K', "b\0"), "two extended headers"),
        arguments("x then K", twice('x', 'K', record("path=b")), "two extended headers"),
        arguments("K then x", twice('K', 'x', record("path=b")), "two extended headers"),
        arguments("x then g", twice('x', 'g', record("comment=b")), "two extended headers"),
        arguments("x then end", join(extended('x', record("path=b")), END), "nothing follows"),
        arguments("L then end", join(extended('L', "b\0"), END), "nothing follows"),
        arguments("K then end", join(extended('K', "b\0"), END), "nothing follows"),
        arguments(
            "global path", join(extended('g', record("path=b")), FILE, END), "names all files"),
        arguments("bad pax", join(extended('x', "junk"), FILE, END), "is damaged at byte 512"),
        arguments(
            "odd pax",
            join(extended('x', record("size=+1")), FILE, END),
            "the file whose header is at byte 512 has an impossible size"),
        arguments("empty L", join(extended('L', "\0"), FILE, END), "a long name is empty"),
        arguments("no L", join(extended('L', ""), FILE, END), "a long name is empty"),
        arguments("latin L", join(extended('L', "\u00fc"), FILE, END), "a name that is not UTF-8"),
        arguments(
            "star prefix",
            join(FILE, block("a", '0', 0, put(345, "p").andThen(put(508, "tar\0"))), END),
            "the file whose header is at byte 1024 has a name that programs read differently"),
        arguments(
            "large extension",
            join(block("x", 'x', 1024 * 1024 + 1, b -> {}), new byte[1024 * 1024 + 512], END),
            "a tar header has 1048577 bytes"),
        arguments("cut extension", block("x", 'x', 9, b -> {}), "in the middle of a tar header"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refuses(String what, byte[] tar, String because) {
    assertThatThrownBy(() -> scan(tar))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(because);
  }

  @Test
  void aHeaderOfAMebibyteIsRead() throws IOException {
    int length = 1024 * 1024;
    String start = length + " comment=";
    byte[] pax = utf8(start + "c".repeat(length - start.length() - 1) + "\n");
    byte[] tar = join(block("x", 'x', length, b -> {}), pax, FILE, END);

    assertThat(scan(tar)).hasSize(1);
  }

  /** A GNU long name goes with a long link; both are for the same entry. */
  @Test
  void takesALongLinkBeforeALongName() throws IOException {
    byte[] tar =
        join(extended('K', "target\0"), extended('L', "name"), block("a", '2', 0, b -> {}), END);

    assertThat(scan(tar))
        .containsExactly(new FileEntry(FileEntry.EntryType.LINK, "name", 2560, 0, "target"));
  }

  private static byte[] named(String name) {
    return join(block(name, '0', 0, b -> {}), END);
  }

  private static byte[] twice(char first, char second, String data) {
    String other = "LK".indexOf(first) >= 0 ? "b\0" : data;
    return join(extended(first, other), extended(second, data), FILE, END);
  }

  private static byte[] extended(char type, String data) {
    byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
    return join(block("x", type, bytes.length, b -> {}), Headers.padded(bytes));
  }

  private List<FileEntry> scan(byte[] tar) throws IOException {
    Path path = Files.write(folder.resolve("a.tar"), tar);
    List<FileEntry> entries = new ArrayList<>();
    try (PositionalFile file = PositionalFile.forReading(path)) {
      TarScanner scanner = new TarScanner(file, new ArchiveErrors(path));
      for (Optional<FileEntry> e = scanner.next(); e.isPresent(); e = scanner.next()) {
        entries.add(e.get());
      }
    }
    return entries;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
