package io.mirrorimages.archive.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionalFileTest {
  private static final byte[] TEXT = {'a', 'b', 'c', 'd', 'e'};

  @TempDir Path folder;

  private Path file() throws IOException {
    return Files.write(folder.resolve("file"), TEXT);
  }

  @Test
  void readsAndWritesByPosition() throws IOException {
    try (PositionalFile file = PositionalFile.forWriting(folder.resolve("new"))) {
      assertThat(file.size()).isZero();
      file.write(TEXT, 3, 4);
      file.write(TEXT, 2, 0);
      file.force();
      file.forceContent();
      assertThat(file.size()).isEqualTo(7);
      assertThat(file.readFully(0, 7)).containsExactly('a', 'b', 0, 0, 'a', 'b', 'c');
      byte[] buffer = new byte[4];
      assertThat(file.read(buffer, 1, 2, 5)).isEqualTo(2);
      assertThat(buffer).containsExactly(0, 'b', 'c', 0);
      assertThat(file.read(buffer, 0, 4, 7)).isEqualTo(-1);
      file.truncate(2);
      assertThat(file.size()).isEqualTo(2);
    }
    assertThat(folder.resolve("new")).hasContent("ab");
  }

  @Test
  void openingAFileForWritingEmptiesNothing() throws IOException {
    try (PositionalFile file = PositionalFile.forWriting(file())) {
      assertThat(file.readFully(0, 5)).isEqualTo(TEXT);
    }
  }

  @Test
  void saysWhereItEnds() throws IOException {
    Path path = file();
    try (PositionalFile file = PositionalFile.forReading(path)) {
      assertThat(file.readFully(5, 0)).isEmpty();
      assertThatThrownBy(() -> file.readFully(3, 3))
          .isInstanceOf(EOFException.class)
          .hasMessage(path + " ends at byte 5");
    }
    assertThatThrownBy(() -> PositionalFile.forReading(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void oneWritesIt() throws IOException {
    Path path = file();
    try (PositionalFile file = PositionalFile.forWriting(path)) {
      assertThatThrownBy(() -> PositionalFile.forWriting(path))
          .isInstanceOf(OverlappingFileLockException.class);
      try (PositionalFile reader = PositionalFile.forReading(path)) {
        assertThat(reader.size()).isEqualTo(file.size());
      }
    }
    PositionalFile.forWriting(path).close();
  }

  @Test
  void onceClosedItStaysSo() throws IOException {
    PositionalFile file = PositionalFile.forReading(file());
    file.close();

    assertThatThrownBy(file::size).isInstanceOf(IOException.class).hasMessageEndingWith("closed");
  }

  /** The JDK closes the channel under everybody. */
  @Test
  void anInterruptedThreadHarmsNoOther() throws Exception {
    try (PositionalFile file = PositionalFile.forWriting(file())) {
      AtomicReference<Throwable> seen = new AtomicReference<>();
      Thread interrupted =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Thread.currentThread().interrupt();
                    try {
                      file.readFully(0, 5);
                    } catch (IOException e) {
                      seen.set(e);
                    }
                  });
      interrupted.join();

      assertThat(seen.get()).isInstanceOf(InterruptedIOException.class);
      assertThat(file.readFully(0, 5)).isEqualTo(TEXT);
      file.write(TEXT, 1, 5);
      assertThat(file.size()).isEqualTo(6);
      assertThatThrownBy(() -> PositionalFile.forWriting(folder.resolve("file")))
          .as("its lock is taken again")
          .isInstanceOf(OverlappingFileLockException.class);
    }
  }

  /** What has come must be put there: it would have to be fetched again. */
  @Test
  void anInterruptedThreadWritesAllAndStaysInterrupted() throws Exception {
    try (PositionalFile file = PositionalFile.forWriting(file())) {
      AtomicReference<Boolean> still = new AtomicReference<>();
      Thread interrupted =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Thread.currentThread().interrupt();
                    try {
                      file.write(TEXT, 5, 5);
                      still.set(Thread.currentThread().isInterrupted());
                    } catch (IOException e) {
                      still.set(false);
                    }
                  });
      interrupted.join();

      assertThat(still.get()).isTrue();
      assertThat(file.readFully(5, 5)).isEqualTo(TEXT);
    }
  }

  @Test
  void isOpenedAgainByTheNameItHasNow() throws Exception {
    Path old = file();
    Path now = folder.resolve("now");
    try (PositionalFile file = PositionalFile.forWriting(old)) {
      Files.move(old, now);
      file.renamed(now);
      Thread closing =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(file::size).isInstanceOf(IOException.class);
                    assertThatThrownBy(() -> file.readFully(0, 1)).isInstanceOf(IOException.class);
                  });
      closing.join();
      file.write(TEXT, 2, 0);
    }
    assertThat(old).doesNotExist();
    assertThat(now).hasContent("abcde");
  }
}
