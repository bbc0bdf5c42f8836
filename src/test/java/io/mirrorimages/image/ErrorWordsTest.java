package io.mirrorimages.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorWordsTest {
  @TempDir private Path folder;

  static Stream<Throwable> withoutMessage() {
    return Stream.of(
        new IOException(),
        new IOException(" "),
        new IOException((String) null, new IOException()),
        new UncheckedIOException(null, new IOException((String) null)),
        new EOFException(),
        new InterruptedIOException(),
        new InterruptedException(),
        new SocketTimeoutException(),
        new ClosedChannelException(),
        new ClosedByInterruptException(),
        new AsynchronousCloseException(),
        new CharacterCodingException(),
        new TimeoutException(),
        new NullPointerException(),
        new StackOverflowError(),
        new FileSystemException(null),
        new FileSystemException("/proc/x"),
        new NoSuchFileException(null));
  }

  @ParameterizedTest
  @MethodSource("withoutMessage")
  void whatHasNoMessageHasWords(Throwable error) {
    assertThat(ErrorWords.of(error)).isNotBlank().doesNotContain("null", "Exception", "java.");
  }

  @Test
  void aFilesNameAloneIsNoReason() {
    assertThat(ErrorWords.of(new NoSuchFileException("a.tar")))
        .isEqualTo("a.tar: no such file or folder");
    assertThat(ErrorWords.of(new AccessDeniedException("a.tar")))
        .isEqualTo("a.tar: permission denied");
    assertThat(ErrorWords.of(new FileAlreadyExistsException("a.tar")))
        .isEqualTo("a.tar: it exists already");
    assertThat(ErrorWords.withoutFile(new FileSystemException("a", "b", "Read-only file system")))
        .isEqualTo("Read-only file system");
    assertThat(ErrorWords.of(new FileSystemException("a", null, "Read-only file system")))
        .isEqualTo("a: Read-only file system");
  }

  @Test
  void whatTheSystemSaysIsKept() {
    Path file = folder.resolve("none/a");
    try {
      Files.createDirectory(file);
    } catch (IOException e) {
      assertThat(ErrorWords.of(e)).isEqualTo(file + ": no such file or folder");
      return;
    }
    throw new AssertionError("a folder was made in one that does not exist");
  }

  @Test
  void theCauseSpeaksWhereTheExceptionIsSilent() {
    assertThat(ErrorWords.of(new java.nio.charset.MalformedInputException(1)))
        .isEqualTo("bytes that are no text");
    assertThat(ErrorWords.of(new UncheckedIOException(null, new IOException("disk on fire"))))
        .isEqualTo("disk on fire");
    IOException loop = new IOException((String) null);
    loop.initCause(new IOException((String) null, loop));
    assertThat(ErrorWords.of(loop)).isNotBlank();
  }
}
