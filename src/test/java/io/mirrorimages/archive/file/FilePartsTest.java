package io.mirrorimages.archive.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The names are those of hauler 2.1 and 2.0 (SplitArchive in pkg/archives), and of zip -s. */
class FilePartsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x.tar.zst.001 x.tar.zst.002 x.tar.zst.003",
        "x_0.tar.zst x_1.tar.zst x_2.tar.zst",
        "x.z01 x.z02 x.zip"
      })
  void readsPartsAsOneFileWhicheverIsGiven(String names) throws IOException {
    String[] parts = names.split(" ");
    write(parts[1], "4567");
    write(parts[0], "0123");
    write(parts[2], "89");
    write("y.tar.zst.004", "other");
    write("x.tar.zst", "other");

    for (String given : parts) {
      FileParts found = FileParts.of(folder.resolve(given));
      assertThat(found.files())
          .extracting(file -> file.getFileName().toString())
          .containsExactly(parts);
      try (PositionalFile file = found.open()) {
        assertThat(file.size()).isEqualTo(10);
        assertThat(file.readFully(2, 8)).asString().isEqualTo("23456789");
        assertThat(file.readFully(9, 1)).asString().isEqualTo("9");
        assertThat(file.read(new byte[1], 0, 1, 10)).isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x.tar.zst.001 x.tar.zst.003, x.tar.zst.002",
    "x.tar.zst.002 x.tar.zst.003, x.tar.zst.001",
    "x.tar.zst.002, x.tar.zst.001",
    "x_0.tar.zst x_2.tar.zst, x_1.tar.zst",
    "x.part000 x.part002, x.part001",
    "x.part001 x.part002, x.part000",
    "x.z01 x.z03 x.zip, x.z02",
    "x.z01 x.z02, x.zip"
  })
  void namesThePartThatIsMissing(String names, String missing) throws IOException {
    String[] parts = names.split(" ");
    for (int i = 0; i < parts.length; i++) {
      write(parts[i], i + "...");
    }
    for (String given : parts) {
      assertThatThrownBy(() -> FileParts.of(folder.resolve(given)))
          .isInstanceOfSatisfying(
              TransferException.class,
              e -> assertThat(e.reason()).isEqualTo(FailureKind.FILE_MISSING))
          .hasMessageStartingWith(folder.resolve(missing) + " does not exist, and ");
    }
  }

  @Test
  void readsWhatZarfHasSplit() throws IOException {
    write("x.tar.part000", "{\"Sha256Sum\":\"\",\"Bytes\":6,\"Count\":2}");
    write("x.tar.part001", "0123");
    write("x.tar.part002", "45");
    for (String given : List.of("x.tar.part000", "x.tar.part001", "x.tar.part002")) {
      try (PositionalFile file = FileParts.of(folder.resolve(given)).open()) {
        assertThat(file.readFully(0, 6)).asString().isEqualTo("012345");
        assertThat(file.size()).isEqualTo(6);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"Bytes\":6,\"Count\":3} | FILE_MISSING | part000 says that there are 3 parts, and there"
            + " are 2",
        "{\"Bytes\":6,\"Count\":1} | CORRUPT | says that there are 1 parts of 6 bytes",
        "{\"Bytes\":7,\"Count\":2} | CORRUPT | parts of 7 bytes together, and there are 2 of 6",
        "{\"Bytes\":6} | CORRUPT | does not say how many parts there are",
        "x123 | CORRUPT | does not say how many parts there are",
      })
  void refusesPartsThatTheHeaderOfZarfContradicts(String header, FailureKind reason, String because)
      throws IOException {
    write("x.tar.part000", header);
    write("x.tar.part001", "0123");
    write("x.tar.part002", "45");
    assertThatThrownBy(() -> FileParts.of(folder.resolve("x.tar.part001")))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageStartingWith(folder.resolve("x.tar.part000").toString())
        .message()
        .contains(because)
        .hasLineCount(1);
  }

  @Test
  void refusesAPartThatWasNotCopiedCompletely() throws IOException {
    write("x.tar.001", "0123");
    write("x.tar.002", "456");
    write("x.tar.003", "89");
    assertThatThrownBy(() -> FileParts.of(folder.resolve("x.tar.001")))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("x.tar.002 has 3 bytes, and ")
        .hasMessageContaining("x.tar.001 has 4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x_0.tar x_1.tar", "x.001 x.002"})
  void archivesThatAreNumberedAreNoParts(String names) throws IOException {
    for (String name : names.split(" ")) {
      byte[] header = new byte[512];
      System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, header, 257, 5);
      Files.write(folder.resolve(name), header);
    }
    for (String name : names.split(" ")) {
      Path file = folder.resolve(name);
      assertThat(FileParts.of(file).files()).isEqualTo(List.of(file));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.tar", "x_1.tar", "x-0001.tar", "x.001", "x.zip", "x.01"})
  void aFileAloneIsWhole(String name) throws IOException {
    write(name, "0123");
    Path file = folder.resolve(name);
    assertThat(FileParts.of(file).files()).isEqualTo(List.of(file));
  }

  @Test
  void namesThePartThatMayFollow() throws IOException {
    write("x.001", "0123");
    write("x.002", "4567");
    FileParts parts = FileParts.of(folder.resolve("x.001"));
    TransferException ends = new TransferException(FailureKind.CORRUPT, "it ends");
    assertThat(parts.explain(ends))
        .hasMessageContaining("if there was x.003, put it beside it; it ends");
    TransferException denied = new TransferException(FailureKind.FILE_DENIED, "no right");
    assertThat(parts.explain(denied)).isSameAs(denied);
    write("x.002", "45");
    assertThat(parts.explain(ends)).isSameAs(ends);
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }
}
