package io.mirrorimages.failure;

import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.UnsupportedManifestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** An exception brought to the form in which it is reported. */
public record Failure(FailureKind reason, String message) {

  /**
   * Known failures by their reason. A mistake of this program is one too, of the image that it
   * happened with; only what concerns the whole process is passed on.
   */
  public static Failure of(Throwable failure) {
    return switch (failure) {
      case TransferException e -> new Failure(e.reason(), oneLine(e));
      case UncheckedIOException e -> of(Objects.requireNonNull(e.getCause()));
      case DamagedBlobException e -> new Failure(FailureKind.CORRUPT, oneLine(e));
      case AccessDeniedException e -> new Failure(FailureKind.FILE_DENIED, oneLine(e));
      case NoSuchFileException e -> new Failure(FailureKind.FILE_MISSING, oneLine(e));
      case IOException e -> new Failure(FailureKind.NETWORK, oneLine(e));
      case InvalidContentException e -> new Failure(FailureKind.CORRUPT, oneLine(e));
      case UnsupportedManifestException e -> new Failure(FailureKind.UNSUPPORTED, oneLine(e));
      case RuntimeException e -> mistake(e);
      case StackOverflowError e -> mistake(e);
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    };
  }

  /**
   * The exception that a failure is known as above: its reason, and whether another try may help.
   *
   * @throws IOException {@code failure} itself where it says nothing of what was asked: an
   *     interruption, or content that the target misses
   * @throws RuntimeException {@code failure} itself if it is a mistake of this program
   */
  public static TransferException known(Exception failure) throws IOException {
    return switch (failure) {
      case TransferException e -> e;
      case IOException e when !Retries.isTransient(e) -> throw e;
      case InvalidContentException e -> lasting(e);
      case UnsupportedManifestException e -> lasting(e);
      case RuntimeException e -> throw e;
      default ->
          TransferException.passing(
              of(failure).reason(), of(failure).message(), failure, Optional.empty());
    };
  }

  private static TransferException lasting(Exception failure) {
    return new TransferException(of(failure).reason(), ErrorWords.of(failure), failure);
  }

  private static Failure mistake(Throwable e) {
    return new Failure(
        FailureKind.PROGRAM, "a mistake of this program: " + e.getClass().getSimpleName());
  }

  private static String oneLine(Throwable failure) {
    return ErrorWords.of(failure)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
