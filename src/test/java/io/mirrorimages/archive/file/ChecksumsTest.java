package io.mirrorimages.archive.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.disk.ForeignFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumsTest {
  /** Of "a" and "b", by sha256sum. */
  private static final String A =
      "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a-0001.tar\n";

  private static final String B =
      "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  a-0002.tar\n";
  private static final String OTHER = "0".repeat(64) + "  other.tar\n";

  @TempDir Path folder;
  private Path sums;
  private List<Path> files;

  @BeforeEach
  void write() throws IOException {
    sums = folder.resolve("SHA256SUMS");
    files =
        List.of(
            Files.writeString(folder.resolve("a-0001.tar"), "a"),
            Files.writeString(folder.resolve("a-0002.tar"), "b"));
  }

  @Test
  void areThoseOfSha256sum() throws IOException {
    Checksums.write(sums, files);

    assertThat(Files.readString(sums)).isEqualTo(A + B);
  }

  @Test
  void linesOfOtherFilesStay() throws IOException {
    Files.writeString(sums, B.replace('3', '4') + OTHER + "a comment\n");
    Checksums.write(sums, files);

    assertThat(Files.readString(sums)).isEqualTo(OTHER + "a comment\n" + A + B);
  }

  @Test
  void linesOfFilesThatChangeAreRemoved() throws IOException {
    Checksums.remove(sums, files);
    assertThat(sums).doesNotExist();

    Files.writeString(sums, A + OTHER + B);
    Checksums.remove(sums, files.subList(0, 1));
    assertThat(Files.readString(sums)).isEqualTo(OTHER + B);
  }

  @Test
  void areThereIfAllFilesAreNamed() throws IOException {
    assertThat(Checksums.areThere(sums, files)).isFalse();
    Files.writeString(sums, A);
    assertThat(Checksums.areThere(sums, files)).isFalse();
    assertThat(Checksums.areThere(sums, files.subList(0, 1))).isTrue();
    Files.writeString(sums, OTHER + B + A);
    assertThat(Checksums.areThere(sums, files)).isTrue();
    Files.writeString(sums, A.replace("a-", "aa-") + B);
    assertThat(Checksums.areThere(sums, files)).isFalse();
  }

  @Test
  void aFolderIsNoFileOfChecksums() throws IOException {
    assertThatCode(() -> Checksums.check(sums)).doesNotThrowAnyException();
    Files.createDirectory(sums);
    assertThatThrownBy(() -> Checksums.check(sums))
        .isInstanceOf(ForeignFileException.class)
        .hasMessageStartingWith(sums + " is a folder");
  }
}
