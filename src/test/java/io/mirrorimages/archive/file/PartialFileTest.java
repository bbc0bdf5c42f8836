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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file until it has its name, and what another run left of it. */
class PartialFileTest {
  @TempDir Path folder;
  private Path output;
  private Path partial;

  @BeforeEach
  void name() {
    output = folder.resolve("a.tar");
    partial = folder.resolve("a.tar.partial");
  }

  private static void write(PartialFile file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    file.write(bytes, bytes.length, 0);
  }

  private static void assertRefused(Step step, FailureKind reason, String because) {
    assertThatThrownBy(step::run)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(because)
        .extracting(e -> ((TransferException) e).reason())
        .isEqualTo(reason);
  }

  private interface Step {
    void run() throws IOException;
  }

  @Test
  void getsItsNameWhenItIsWhole() throws IOException {
    try (PartialFile file = PartialFile.create(output, 5, false)) {
      write(file, "whole");
      file.force();
      assertThat(output).doesNotExist();
      file.publish();
      assertThat(partial).doesNotExist();
      byte[] read = new byte[9];
      assertThat(file.read(read, 2, 7, 1)).isEqualTo(4);
      assertThat(new String(read, 2, 4, StandardCharsets.UTF_8)).isEqualTo("hole");
    }
    assertThat(output).hasContent("whole");
  }

  @Test
  void isDeletedIfItIsNotToBeKept() throws IOException {
    PartialFile.create(output, 5, false).close();
    assertThat(partial).doesNotExist();
    try (PartialFile file = PartialFile.create(output, 5, false)) {
      write(file, "half");
      file.keep();
    }
    assertThat(partial).hasContent("half");
    PartialFile.create(output, 5, false).close();
    assertThat(partial).as("what another run left").hasContent("half");
    try (PartialFile file = PartialFile.create(output, 5, false)) {
      file.empty();
      assertThat(partial).isEmptyFile();
    }
    assertThat(partial).doesNotExist();
  }

  @Test
  void nothingIsReplacedUnlessThatIsAskedFor() throws IOException {
    Files.writeString(output, "precious");
    assertRefused(
        () -> PartialFile.create(output, 5, false),
        FailureKind.EXISTS,
        "exists and is not overwritten");
    try (PartialFile file = PartialFile.create(output, 5, true)) {
      write(file, "new");
      file.publish();
    }
    assertThat(output).hasContent("new");
  }

  @Test
  void whatCameMeanwhileIsNotReplaced() throws IOException {
    try (PartialFile file = PartialFile.create(output, 5, false)) {
      Files.writeString(output, "precious");
      assertRefused(file::publish, FailureKind.EXISTS, "exists and is not overwritten");
    }
    assertThat(output).hasContent("precious");
    assertThat(partial).doesNotExist();
  }

  @Test
  void oneRunWritesIt() throws IOException {
    try (PartialFile file = PartialFile.create(output, 5, false)) {
      assertThatThrownBy(() -> PartialFile.create(output, 5, false))
          .isInstanceOf(TransferException.class)
          .hasMessage(
              output + " is being written by another process: wait for it, or give another name");
      write(file, "mine");
    }
  }

  @Test
  void itsFolderIsThere() {
    Path nowhere = folder.resolve("none/a.tar");
    assertRefused(
        () -> PartialFile.create(nowhere, 5, false),
        FailureKind.FILE_MISSING,
        "does not exist: create it");
  }

  @Test
  void goesOnWithWhatIsOfTheRightSize() throws IOException {
    Files.writeString(partial, "12345");
    try (PartialFile file = PartialFile.reopen(output, List.of(5L, 9L), false, false)) {
      assertThat(file.takeUp()).isTrue();
      assertThat(partial).hasContent("12345");
    }
    assertThat(partial).as("is kept").hasContent("12345");
    try (PartialFile file = PartialFile.reopen(output, List.of(9L), false, false)) {
      assertThat(file.takeUp()).isFalse();
      assertThat(partial).isEmptyFile();
    }
  }

  @Test
  void nothingIsChangedBeforeItIsTakenUp() throws IOException {
    Files.writeString(partial, "123");
    PartialFile.reopen(output, List.of(9L), false, false).close();
    assertThat(partial).hasContent("123");
    Files.delete(partial);
    PartialFile.reopen(output, List.of(9L), false, false).close();
    assertThat(partial).doesNotExist();
  }

  /** Images were missing; they are added in place. */
  @Test
  void aFinishedFileBecomesPartialAgain() throws IOException {
    Files.writeString(output, "12345");
    try (PartialFile file = PartialFile.reopen(output, List.of(5L), false, false)) {
      assertThat(output).hasContent("12345");
      assertThat(file.takeUp()).isTrue();
      assertThat(output).doesNotExist();
      write(file, "1234567");
      file.publish();
    }
    assertThat(output).hasContent("1234567");
  }

  @Test
  void aFinishedFileOfAnotherSizeIsNotTouched() throws IOException {
    Files.writeString(output, "precious");
    assertRefused(
        () -> PartialFile.reopen(output, List.of(5L), false, false), FailureKind.EXISTS, "exists");
    try (PartialFile file = PartialFile.reopen(output, List.of(5L), false, true)) {
      assertRefused(file::takeUp, FailureKind.EXISTS, "exists");
    }
    assertThat(output).hasContent("precious");
  }

  /** A run that was to replace it came no further than to begin. */
  @Test
  void anEmptyPartialFileBesideAFinishedOneIsRemoved() throws IOException {
    Files.writeString(output, "12345");
    Files.createFile(partial);
    try (PartialFile file = PartialFile.reopen(output, List.of(5L), true, true)) {
      assertThat(partial).doesNotExist();
      assertThat(file.takeUp()).isTrue();
      assertThat(partial).hasContent("12345");
    }
  }

  @Test
  void whatReplacesAFinishedFileIsWrittenBesideIt() throws IOException {
    Files.writeString(output, "12345");
    try (PartialFile file = PartialFile.reopen(output, List.of(5L), true, false)) {
      assertThat(file.takeUp()).isFalse();
      assertThat(output).hasContent("12345");
      write(file, "67890");
      file.publish();
    }
    assertThat(output).hasContent("67890");
  }
}
