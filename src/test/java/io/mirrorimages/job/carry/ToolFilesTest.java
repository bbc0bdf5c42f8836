package io.mirrorimages.job.carry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.file.Checksums;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.TransferException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tool beside an archive, packed from an unpacked distribution. */
class ToolFilesTest {
  @TempDir private Path folder;
  private Distribution running;
  private ToolFiles files;

  @BeforeEach
  void unpack() throws IOException {
    Path root = ToolTarballs.unpacked(folder.resolve("dist"), true);
    running = Distribution.of(root.resolve("lib/mirror-images-9.9.9.jar")).orElseThrow();
    files = new ToolFiles(ArchiveFileNames.ofOneFile(folder.resolve("rancher.tar")), running);
  }

  @AfterEach
  void unwatch() {
    OwnFiles.watch((step, file) -> {});
  }

  private static byte[] pack(Distribution unpacked) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    unpacked.writeTo(packed);
    return packed.toByteArray();
  }

  private static List<String> list(byte[] packed) throws IOException {
    List<String> entries = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GzipCompressorInputStream(new ByteArrayInputStream(packed)))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        entries.add(
            "%o %d:%d %s%s"
                .formatted(
                    e.getMode() & 0777,
                    e.getLongUserId(),
                    e.getLongGroupId(),
                    e.getName(),
                    e.isSymbolicLink() ? " -> " + e.getLinkName() : ""));
      }
    }
    return entries;
  }

  @Test
  void aDistributionIsPackedWithoutWhatIsOfThisMachineOrItsUser() throws IOException {
    Files.writeString(running.root().resolve("rancher.tar"), "an archive that the user made there");

    String name = running.folder();
    assertThat(name).matches("mirror-images-9\\.9\\.9-linux-(amd64|arm64|[a-z0-9]+)");
    assertThat(list(pack(running)))
        .containsExactly(
            "755 0:0 " + name + "/",
            "644 0:0 " + name + "/LICENSE",
            "755 0:0 " + name + "/bin/",
            "755 0:0 " + name + "/bin/mirror-images",
            "755 0:0 " + name + "/lib/",
            "644 0:0 " + name + "/lib/mirror-images-9.9.9.jar",
            "755 0:0 " + name + "/runtime/",
            "755 0:0 " + name + "/runtime/LICENSE -> ../LICENSE",
            "755 0:0 " + name + "/runtime/bin/",
            "755 0:0 " + name + "/runtime/bin/java");
  }

  @Test
  void theSameDistributionGivesTheSameBytesAndAnotherTimeOthers() throws IOException {
    byte[] packed = pack(running);

    assertThat(pack(running)).isEqualTo(packed);
    FileTime other = FileTime.from(Instant.parse("2020-02-02T02:02:02Z"));
    Files.setLastModifiedTime(running.root().resolve("lib/mirror-images-9.9.9.jar"), other);
    assertThat(pack(running)).as("the start-up cache knows the jars by it").isNotEqualTo(packed);
  }

  @Test
  void aRunThatEndsAtAnyStepLeavesNoHalfFileAndTheNextOneMendsIt() throws IOException {
    files.putTool();
    byte[] whole = Files.readAllBytes(files.toolFile());
    for (int last = 0; ; last++) {
      Files.deleteIfExists(files.toolFile());
      Files.deleteIfExists(files.names().checksums());
      if (!endsAtStep(last)) {
        assertThat(last).as("steps").isGreaterThan(4);
        return;
      }
      if (Files.exists(files.toolFile())) {
        assertThat(files.toolFile()).hasBinaryContent(whole);
      }
      files.putTool();
      assertThat(files.toolFile()).hasBinaryContent(whole);
      assertThat(Checksums.holds(files.names().checksums(), files.toolFile())).isTrue();
    }
  }

  /** Whether a run that is ended before its step of that number had so many. */
  private boolean endsAtStep(int last) throws IOException {
    int[] left = {last};
    OwnFiles.watch(
        (step, file) -> {
          if (left[0]-- <= 0) {
            throw new IllegalStateException("killed");
          }
        });
    try {
      files.putTool();
      return false;
    } catch (IllegalStateException e) {
      return true;
    } finally {
      unwatch();
    }
  }

  @Test
  void anotherFileOfItsNameStays() throws IOException {
    Files.writeString(files.toolFile(), "mine");

    assertThatThrownBy(files::putTool)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("is not written over");
    assertThat(files.toolFile()).hasContent("mine");
  }

  @Test
  void theSumsOfAnotherArchiveStay() throws IOException {
    Files.writeString(files.names().checksums(), "aa  other.tar\n");
    Files.writeString(files.names().output(), "an archive");

    files.putTool();
    files.finish("how");

    assertThat(Checksums.read(files.names().checksums()))
        .containsEntry("other.tar", "aa")
        .containsOnlyKeys("other.tar", running.fileName(), "rancher-load.txt", "rancher.tar");
  }
}
