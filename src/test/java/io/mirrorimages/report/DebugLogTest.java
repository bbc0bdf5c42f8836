package io.mirrorimages.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.secret.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebugLogTest {
  private final PrintStream err =
      new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("debug.log");
  }

  private void write(String line) throws IOException {
    try (DebugLog log = DebugLog.in(file, err)) {
      log.line(line);
    }
  }

  @Test
  void eachLineIsThereAtOnceOnOneLineAndWithoutSecrets() throws IOException {
    Secrets.add("a-secret-of-DebugLogTest");
    try (DebugLog log = DebugLog.in(file, err)) {
      log.line("it was a-secret-of-DebugLogTest\nand Bearer abcdefghijkl");
      assertThat(Files.readAllLines(file))
          .containsExactly(OutcomeKinds.DEBUG_HEADER, "it was ***\\u000aand Bearer ***");
    }
  }

  @Test
  void theLogOfAnEarlierRunIsReplaced() throws IOException {
    write("a long line of the first run");
    write("second");

    assertThat(Files.readAllLines(file)).containsExactly(OutcomeKinds.DEBUG_HEADER, "second");
  }

  @Test
  void nothingElseIsReplaced() throws IOException {
    Files.writeString(file, "my notes\n");
    assertThatThrownBy(() -> write("x"))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("debug.log exists and is no log of an earlier run");
    assertThat(file).hasContent("my notes\n");
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path notes = Files.createFile(folder.resolve("notes"));
    Files.createSymbolicLink(file, notes);
    assertThatThrownBy(() -> write("x")).hasMessageContaining("is a symbolic link");
    assertThat(notes).isEmptyFile();
  }

  @Test
  void aFolderThatIsMissingIsNamed() {
    file = folder.resolve("missing/debug.log");
    assertThatThrownBy(() -> write("x"))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("its folder does not exist: create it first");
  }
}
