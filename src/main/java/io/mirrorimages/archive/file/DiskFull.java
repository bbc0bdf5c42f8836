package io.mirrorimages.archive.file;

import io.mirrorimages.disk.FreeSpace;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Tells a disk that can't hold the archive from other failures, and says what to do about it. */
public final class DiskFull {
  private DiskFull() {}

  /** {@code failure} as {@link FailureKind#SPACE} if that is what it is; else itself. */
  static IOException explain(IOException failure, Path archive, long needed) {
    return explain(
        failure,
        "the disk is full: %s needs %d bytes in all; free some, or write it to another disk"
            .formatted(archive, needed),
        "%s (%d bytes".formatted(archive, needed));
  }

  /** The same where it is not known how much is needed in all. */
  public static IOException explain(IOException failure, Path file) {
    return explain(
        failure,
        "the disk is full: free some room for %s, or write to another disk".formatted(file),
        "%s (".formatted(file));
  }

  private static IOException explain(IOException failure, String full, String tooLarge) {
    // The JDK has no type for these: the text is the operating system's.
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("no space left")
        || message.contains("quota exceeded")
        || message.contains("not enough space")) {
      return new TransferException(FailureKind.SPACE, full, failure);
    }
    if (message.contains("file too large")) {
      return new TransferException(
          FailureKind.SPACE,
          "the file system can't hold a file as large as "
              + tooLarge
              + (tooLarge.endsWith("(") ? "" : "; ")
              + "FAT32 ends at 4 GiB): write it to another one",
          failure);
    }
    return failure;
  }

  /** How many bytes are free in the file system of {@code archive} now. */
  public static long room(Path archive) throws IOException {
    return FreeSpace.of(folderOf(archive));
  }

  /**
   * {@link FailureKind#SPACE} if the file system of {@code folder} has less room than needed now.
   */
  public static void checkFolder(Path folder, long needed) throws IOException {
    Path existing = Files.exists(folder) ? folder : folderOf(folder);
    long free = FreeSpace.of(existing);
    if (free < needed) {
      throw new TransferException(
          FailureKind.SPACE,
          "%s needs %d bytes more, but has only %d free: free some, or write to another disk"
              .formatted(folder, needed, free));
    }
  }

  /**
   * {@link FailureKind#SPACE} if the file system of {@code archive} has less room than needed now.
   */
  public static void check(Path archive, long needed) throws IOException {
    Path folder = folderOf(archive);
    long free = room(archive);
    if (free < needed) {
      throw new TransferException(
          FailureKind.SPACE,
          "%s needs %d bytes, but %s has only %d free: free some, or write it to another disk"
              .formatted(archive, needed, folder, free));
    }
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }
}
