package io.mirrorimages.archive.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.disk.ForeignFileException;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be written over, and what may not. */
class ArchiveSpecTest {
  @TempDir Path folder;
  private ArchiveSpec file;
  private ArchiveSpec volumes;

  @BeforeEach
  void name() {
    Path output = folder.resolve("a.tar");
    file = ArchiveSpec.of(output);
    volumes = new ArchiveSpec(output, OptionalLong.of(1000), Optional.empty(), false);
  }

  @Test
  void namesItsFiles() {
    assertThat(file.file(1)).isEqualTo(folder.resolve("a.tar"));
    assertThat(volumes.file(12)).isEqualTo(folder.resolve("a-0012.tar"));
    assertThat(file.overwrite()).isFalse();
    assertThat(volumes.overwriting())
        .isEqualTo(
            new ArchiveSpec(
                folder.resolve("a.tar"), OptionalLong.of(1000), Optional.empty(), true));
  }

  @Test
  void takesAFreeName() throws IOException {
    Files.writeString(folder.resolve("a-1.tar"), "other");
    file.check();
    volumes.check();
    assertThat(file.finished()).isEmpty();
    assertThat(volumes.finished()).isEmpty();
  }

  @Test
  void aFinishedArchiveIsNotWrittenOver() throws IOException {
    Path archive = Files.writeString(folder.resolve("a.tar"), "oci-layout and more");
    Path volume = Files.writeString(folder.resolve("a-0003.tar"), "oci-layout and more");

    assertRefused(file, FailureKind.EXISTS, archive + " exists and is not overwritten");
    assertRefused(volumes, FailureKind.EXISTS, volume + " exists and is not overwritten");
    assertThat(file.finished()).containsExactly(archive);
    assertThat(volumes.finished()).containsExactly(volume);
    file.overwriting().check();
    volumes.overwriting().check();
  }

  @Test
  void onlyAnArchiveIsWrittenOver() throws IOException {
    Path archive = folder.resolve("a.tar");
    for (String other : new String[] {"oci-layou", "a letter", "PK"}) {
      Files.writeString(archive, other);
      assertRefused(file.overwriting(), FailureKind.EXISTS, "is no archive that save made");
    }
    Files.writeString(archive, "");
    file.overwriting().check();
    Files.delete(archive);
    Files.createDirectory(archive);
    assertRefused(file.overwriting(), FailureKind.EXISTS, "is no archive that save made");
  }

  /** What it leads to may be precious. */
  @Test
  void aLinkIsNotWrittenOver() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "oci-layout and more");
    Files.createSymbolicLink(folder.resolve("a.tar"), other);

    assertRefused(file.overwriting(), FailureKind.EXISTS, "is no archive that save made");
    assertRefused(file, FailureKind.EXISTS, "exists and is not overwritten");
  }

  @Test
  void itsFolderIsThere() {
    ArchiveSpec nowhere = ArchiveSpec.of(folder.resolve("none/a.tar"));

    assertRefused(nowhere, FailureKind.FILE_MISSING, "does not exist: create it first");
  }

  @Test
  void onlyVolumesHaveAFileOfChecksums() throws IOException {
    Files.createDirectory(folder.resolve("SHA256SUMS"));

    file.check();
    assertThatThrownBy(volumes::check)
        .isInstanceOf(ForeignFileException.class)
        .hasMessageContaining("rename it first");
  }

  @Test
  void knowsWhetherItIsBegun() throws IOException {
    assertThat(file.isBegun()).isFalse();
    Files.writeString(folder.resolve("a.tar.partial"), "");
    assertThat(file.isBegun()).isTrue();
    assertThat(volumes.isBegun()).isFalse();
    Files.writeString(folder.resolve("a-0001.tar.partial"), "");
    assertThat(volumes.isBegun()).isTrue();
  }

  private static void assertRefused(ArchiveSpec spec, FailureKind reason, String because) {
    assertThatThrownBy(spec::check)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(because)
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(reason);
  }
}
