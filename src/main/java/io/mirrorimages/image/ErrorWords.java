package io.mirrorimages.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why something failed, in words for a user: never empty, never {@code null}, never the name of a
 * class. The JDK's exceptions often have no message, or only the name of a file.
 */
public final class ErrorWords {
  private static final int MOST_CAUSES = 10;

  private ErrorWords() {}

  /** The message of an exception; where it says nothing, what its type means. */
  public static String of(Throwable error) {
    return of(error, MOST_CAUSES);
  }

  private static String of(Throwable error, int depth) {
    if (error instanceof FileSystemException failure && isBlank(failure.getReason())) {
      String why = reason(failure);
      return failure.getFile() == null ? why : failure.getFile() + ": " + why;
    }
    // The JDK's message is a length.
    if (!(error instanceof CharacterCodingException) && !isBlank(error.getMessage())) {
      return Objects.requireNonNull(error.getMessage());
    }
    return switch (error) {
      case EOFException e -> "it ended too early";
      case SocketTimeoutException e -> "no byte came in time";
      case InterruptedIOException e -> "interrupted";
      case ClosedByInterruptException e -> "interrupted";
      case InterruptedException e -> "interrupted";
      case ClosedChannelException e -> "it was closed meanwhile";
      case ConnectException e -> "no connection";
      case UnknownHostException e -> "no such host";
      case CharacterCodingException e -> "bytes that are no text";
      default ->
          error.getCause() == null || depth == 0
              ? "an error of which nothing more is known"
              : of(error.getCause(), depth - 1);
    };
  }

  /** As {@link #of}, for a message that names the file already. */
  public static String withoutFile(IOException error) {
    return error instanceof FileSystemException failure ? reason(failure) : of(error);
  }

  private static String reason(FileSystemException error) {
    if (!isBlank(error.getReason())) {
      return Objects.requireNonNull(error.getReason());
    }
    return switch (error) {
      case AccessDeniedException e -> "permission denied";
      case NoSuchFileException e -> "no such file or folder";
      case FileAlreadyExistsException e -> "it exists already";
      case NotDirectoryException e -> "it is no folder";
      case DirectoryNotEmptyException e -> "the folder is not empty";
      default -> "the system gives no reason";
    };
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
