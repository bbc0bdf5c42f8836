package io.mirrorimages.archive.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.event.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class UnpackerTest {
  private static final byte[] TAR = tar(300_000);

  /** Windows larger than those of RKE2's archives, which have 25. */
  private static final int WINDOW_LOG = 27;

  @TempDir Path folder;

  private final List<RunEvent> events = new ArrayList<>();
  private Path archive;

  @BeforeEach
  void nameTheArchive() {
    archive = folder.resolve("images.any");
  }

  @AfterEach
  void watchNoMore() {
    OwnFiles.watch((step, file) -> {});
  }

  @ParameterizedTest
  @EnumSource
  void unpacksOnceWhateverTheNameIs(Compression compression) throws IOException {
    Files.write(archive, compressed(compression, TAR));

    Path copy;
    try (UnpackedCopy first = open()) {
      copy = first.path();
      assertThat(copy).hasParent(folder).hasBinaryContent(TAR);
    }
    int reported = events.size();
    try (UnpackedCopy second = open()) {
      assertThat(second.path()).isEqualTo(copy);
      assertThat(events).as("nothing is unpacked again").hasSize(reported);
      second.discard();
    }

    assertThat(names()).containsExactly("images.any");
    long size = Files.size(archive);
    assertThat(events)
        .startsWith(new RunEvent.Unpacking(archive.toString(), copy.toString(), 0, size))
        .endsWith(
            new RunEvent.Unpacking(archive.toString(), copy.toString(), size, size),
            new RunEvent.Hint(copy + " is kept for the next run: delete it if there will be none"));
  }

  @ParameterizedTest
  @EnumSource
  void readsSeveralMembers(Compression compression) throws IOException {
    Files.write(
        archive,
        joined(
            compressed(compression, Arrays.copyOf(TAR, 100_000)),
            compressed(compression, Arrays.copyOfRange(TAR, 100_000, TAR.length))));

    try (UnpackedCopy copy = open()) {
      assertThat(copy.path()).hasBinaryContent(TAR);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsCutOffOrChangedOrHasMoreBehindIt(Compression compression) throws IOException {
    byte[] whole = compressed(compression, TAR);
    byte[] changed = whole.clone();
    changed[whole.length / 2] ^= 1;
    for (byte[] broken :
        List.of(
            Arrays.copyOf(whole, whole.length / 2),
            Arrays.copyOf(whole, whole.length - 1),
            changed,
            joined(whole, "garbage at the end".getBytes()))) {
      Files.write(archive, broken);

      assertThatThrownBy(this::open)
          .isInstanceOf(TransferException.class)
          .hasMessageStartingWith(
              archive + " is damaged or cut off, or has something behind its end (")
          .hasMessageEndingWith("): copy it again and compare checksums")
          .extracting(e -> ((TransferException) e).reason())
          .isEqualTo(FailureKind.CORRUPT);
      assertThat(names()).containsExactly("images.any");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsNoTarBeforeItFillsTheDisk(Compression compression) throws IOException {
    Files.write(archive, compressed(compression, new byte[1_000_000]));

    assertThatThrownBy(this::open)
        .hasMessage(
            archive
                + " is a "
                + compression.title()
                + " file of something else than a tar: give an archive of images");
    assertThat(names()).containsExactly("images.any");
  }

  @Test
  void asksForTheRoomBeforehand() throws IOException {
    // A frame that says that it has 2^60 bytes.
    Files.write(archive, HexFormat.of().parseHex("28b52ffdc0580000000000000010000000"));

    assertThatThrownBy(this::open)
        .hasMessageStartingWith(archive + " needs 1152921504606846976 bytes unpacked, but ")
        .hasMessageEndingWith("free some, or name a folder on another disk with {setting work-dir}")
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(FailureKind.SPACE);
    assertThat(events).isEmpty();
  }

  @Test
  void saysWhenTheDiskIsFullWhileItUnpacks() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full));
    Files.write(archive, compressed(Compression.GZIP, TAR));
    Decompression decompression;
    try (PositionalFile file = PositionalFile.forReading(archive);
        FileChannel out = FileChannel.open(full, StandardOpenOption.WRITE)) {
      decompression =
          new Decompression(
              archive, file, Compression.GZIP, CopyName.of(file, archive, folder), events::add);

      assertThatThrownBy(() -> decompression.run(out))
          .hasMessageStartingWith("the disk is full: free some room for ")
          .hasMessageEndingWith(
              "or write to another disk with {setting work-dir}; what was unpacked of images.any is"
                  + " deleted");
    }
  }

  @Test
  void refusesWindowsThatItHasNoMemoryFor() throws IOException {
    // A frame with a window of 1 GiB.
    Files.write(archive, HexFormat.of().parseHex("28b52ffd00a0010000"));

    assertThatThrownBy(this::open)
        .hasMessage(
            archive + " is compressed with a window over 128 MiB: decompress it first (zstd -d)");
  }

  @Test
  void unpacksIntoAnotherFolder(@TempDir Path work) throws IOException {
    Files.write(archive, compressed(Compression.ZSTD, TAR));

    try (UnpackedCopy copy = new Unpacker(work, events::add).open(archive).orElseThrow()) {
      assertThat(copy.path()).hasParent(work);
    }

    assertThat(names()).containsExactly("images.any");
  }

  @Test
  void leavesOtherFilesAlone() throws IOException {
    Files.write(archive, TAR);

    assertThat(new Unpacker(null, events::add).open(archive)).isEmpty();
  }

  @Test
  void unpacksAgainWhatHasChanged() throws IOException {
    Files.write(archive, compressed(Compression.GZIP, TAR));
    try (UnpackedCopy old = open()) {
      Files.setLastModifiedTime(archive, FileTime.fromMillis(1_000));
      try (UnpackedCopy current = open()) {
        assertThat(current.path()).isNotEqualTo(old.path());
      }
    }
  }

  @Test
  void doesNotUseWhatAKilledRunLeft() throws IOException {
    Files.write(archive, compressed(Compression.GZIP, TAR));
    Path copy;
    try (UnpackedCopy made = open()) {
      copy = made.path();
    }
    Files.delete(copy);
    Files.writeString(copy.resolveSibling(copy.getFileName() + ".partial"), "half");

    try (UnpackedCopy made = open()) {
      assertThat(made.path()).isEqualTo(copy).hasBinaryContent(TAR);
      made.discard();
    }
    assertThat(names()).containsExactly("images.any");
  }

  @Test
  void leavesNothingIfItFailsAtTheLastStep() throws IOException {
    Files.write(archive, compressed(Compression.GZIP, TAR));
    OwnFiles.watch(
        (step, file) -> {
          if (step.equals("rename") && file.startsWith(folder)) {
            throw new IllegalStateException("stop");
          }
        });

    assertThatThrownBy(this::open).hasMessage("stop");

    assertThat(names()).containsExactly("images.any");
  }

  @Test
  void deletesNoCopyThatAnotherRunReads() throws IOException {
    Files.write(archive, compressed(Compression.GZIP, TAR));
    try (UnpackedCopy reading = open()) {
      try (UnpackedCopy done = open()) {
        done.discard();
      }
      assertThat(reading.path()).exists();
      reading.discard();
    }
    assertThat(names()).containsExactly("images.any");
  }

  @Test
  void discardsACopyOnlyForAFailureThatALaterRunWouldFindAgain() throws IOException {
    Files.write(archive, compressed(Compression.GZIP, TAR));
    try (UnpackedCopy copy = open()) {
      copy.discardIfUnusable(new TransferException(FailureKind.DENIED, "wrong password"));
    }
    assertThat(names()).hasSize(3);
    try (UnpackedCopy copy = open()) {
      copy.discardIfUnusable(new TransferException(FailureKind.CORRUPT, "no images"));
    }
    assertThat(names()).containsExactly("images.any");
  }

  @Test
  void checksWhatMayFailBeforeItUnpacksAndNotForACopyThatIsThere() throws IOException {
    Files.write(archive, compressed(Compression.GZIP, TAR));
    Unpacker refused =
        new Unpacker(
            null,
            events::add,
            () -> {
              throw new TransferException(FailureKind.DENIED, "wrong password");
            });

    assertThatThrownBy(() -> refused.open(archive)).hasMessage("wrong password");
    assertThat(names()).containsExactly("images.any");
    assertThat(events).isEmpty();

    open().close();
    try (UnpackedCopy copy = refused.open(archive).orElseThrow()) {
      assertThat(copy.path()).hasBinaryContent(TAR);
    }
  }

  @Test
  void refusesToUnpackWhatAnotherRunUnpacks() throws IOException {
    Files.write(archive, compressed(Compression.GZIP, TAR));
    Path lock;
    try (UnpackedCopy made = open()) {
      lock = made.path().resolveSibling(made.path().getFileName() + ".lock");
      made.discard();
    }
    Optional<CopyLock> other = CopyLock.take(lock, true);
    try (CopyLock unpacking = other.orElseThrow()) {
      assertThatThrownBy(this::open)
          .hasMessage(
              archive + " is being unpacked by another run: wait for it, then run this again")
          .extracting(e -> ((TransferException) e).reason())
          .isEqualTo(FailureKind.BUSY);
      unpacking.delete();
    }
    open().close();
  }

  @Test
  void aLockThatIsDeletedSaysSoToWhoHasOpenedItBefore() throws IOException {
    Path lock = folder.resolve("a.lock");
    CopyLock mine = CopyLock.take(lock, true).orElseThrow();
    Path opened = Files.createLink(folder.resolve("opened"), lock);
    try (mine) {
      mine.delete();
    }
    assertThat(Files.readString(opened)).startsWith("-");
    assertThat(lock).doesNotExist();
  }

  private UnpackedCopy open() throws IOException {
    return new Unpacker(null, events::add).open(archive).orElseThrow();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] compressed(Compression compression, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (compression) {
          case GZIP -> new GZIPOutputStream(bytes);
          case ZSTD -> new ZstdOutputStreamNoFinalizer(bytes).setChecksum(true).setLong(WINDOW_LOG);
          case XZ -> new XZOutputStream(bytes, new LZMA2Options(1));
        }) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  /** Of one file that can't be compressed. */
  private static byte[] tar(int size) {
    byte[] content = new byte[size];
    new Random(17).nextBytes(content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry entry = new TarArchiveEntry("file");
      entry.setSize(size);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }
}
