package io.mirrorimages.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others can put under a name that the tool makes up. */
@Timeout(120)
class OwnFilesTest {
  @TempDir private Path folder;
  private Path victim;
  private Path file;

  @BeforeEach
  void putAVictimThere() throws IOException {
    victim = Files.writeString(folder.resolve("victim"), "precious");
    file = folder.resolve("a.tar.partial");
  }

  @Test
  void aLinkIsNotOpenedReadOrWrittenThrough() throws IOException {
    Files.createSymbolicLink(file, victim);

    assertRefused("symbolic link");
    assertThat(OwnFiles.read(file)).isEmpty();
    OwnFiles.replaceAlone(file, out -> out.write(1));

    assertThat(victim).hasContent("precious");
    assertThat(Files.isSymbolicLink(file)).isFalse();
  }

  @Test
  void aLinkThatLeadsNowhereMakesNoFileThere() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    Files.createSymbolicLink(file, nowhere);

    assertRefused("symbolic link");
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void aSecondNameOfAFileIsNotOpened() throws IOException {
    Files.createLink(file, victim);

    assertRefused("second name");
    assertThat(victim).hasContent("precious");
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    makePipe(file);

    assertRefused("pipe");
    assertThat(OwnFiles.read(file)).isEmpty();
    OwnFiles.replaceAlone(file, out -> out.write("new".getBytes(StandardCharsets.UTF_8)));
    assertThat(file).hasContent("new");
  }

  @Test
  void whatIsInTheWayOfADraftIsRemovedAndNotWrittenThrough() throws Exception {
    Path draft = folder.resolve("a.tar.partial.new");
    Files.createSymbolicLink(draft, victim);
    OwnFiles.replaceAlone(file, out -> out.write(1));
    makePipe(draft);
    OwnFiles.replaceAlone(file, out -> out.write(2));

    assertThat(victim).hasContent("precious");
    assertThat(file).hasBinaryContent(new byte[] {2});
    assertThat(draft).doesNotExist();
  }

  @Test
  void aFolderIsLeftAlone() throws IOException {
    Files.createDirectory(file);

    assertRefused("folder");
  }

  @Test
  void aStepThatTheWatcherForbidsIsNotDone() throws IOException {
    Files.writeString(file, "old");
    OwnFiles.watch(
        (step, on) -> {
          if (on.equals(file)) {
            throw new IllegalStateException(step);
          }
        });
    try {
      assertThatThrownBy(() -> OwnFiles.replaceAlone(file, out -> out.write(1)))
          .hasMessage("rename");
      assertThatThrownBy(() -> OwnFiles.delete(file)).hasMessage("delete");
    } finally {
      OwnFiles.watch((step, on) -> {});
    }
    assertThat(file).hasContent("old");
    assertThat(Files.list(folder)).containsExactlyInAnyOrder(victim, file);
  }

  private void assertRefused(String because) {
    assertThatThrownBy(
            () -> {
              try (FileChannel opened =
                  OwnFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                opened.truncate(0);
              }
            })
        .isInstanceOf(ForeignFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(because);
  }

  private static void makePipe(Path pipe) throws Exception {
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
  }
}
