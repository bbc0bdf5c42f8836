package io.mirrorimages.archive.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.lock.RunLock;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskFullTest {
  @Test
  void aFullDiskIsSaidWithWhatIsNeeded(@TempDir Path folder) {
    IOException full = new IOException("No space left on device");

    assertThat(DiskFull.explain(full, folder.resolve("a.tar"), 12345))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.SPACE))
        .hasMessageContaining("12345");
  }

  @ParameterizedTest
  @CsvSource({
    "Disk quota exceeded, the disk is full",
    "There is not enough space on the disk, the disk is full",
    "File too large, the file system can't hold a file as large as"
  })
  void soAreOtherLimitsOfADisk(String message, String said) {
    IOException failure = new IOException(message);

    assertThat(DiskFull.explain(failure, Path.of("a.tar"), 12345))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.SPACE))
        .hasMessageStartingWith(said)
        .hasMessageContainingAll("a.tar", "12345 bytes")
        .hasCause(failure);
  }

  @Test
  void otherFailuresAreThemselves() {
    for (IOException other : new IOException[] {new IOException("reset"), new IOException()}) {
      assertThat(DiskFull.explain(other, Path.of("a.tar"), 1)).isSameAs(other);
    }
  }

  @Test
  void aDiskThatIsTooSmallIsSaidBefore(@TempDir Path folder) throws IOException {
    Path archive = folder.resolve("a.tar");
    DiskFull.check(archive, 0);
    assertThat(DiskFull.room(archive)).isPositive();

    assertThatThrownBy(() -> DiskFull.check(archive, Long.MAX_VALUE))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.SPACE))
        .hasMessageMatching(
            ".*a.tar needs 9223372036854775807 bytes, but .* has only [0-9]+ free.*");
  }

  @Test
  void oneRunHasTheLockOfAnArchive(@TempDir Path folder) throws IOException {
    ArchiveFileNames names = ArchiveFileNames.ofOneFile(folder.resolve("a.tar"));
    try (RunLock held = ArchiveLock.take(names, 1)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> ArchiveLock.take(names, 1))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("a.tar is being written")
          .hasMessageEndingWith(": wait for it, or give another name");
    }
    ArchiveLock.take(names, 1).close();
    assertThatThrownBy(
            () -> ArchiveLock.take(ArchiveFileNames.ofOneFile(folder.resolve("x/a.tar")), 1))
        .hasMessageContaining("does not exist: create it first");
  }
}
