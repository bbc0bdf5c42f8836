package io.mirrorimages.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Free space of file systems. */
public final class FreeSpace {
  private FreeSpace() {}

  /**
   * The bytes that this process may still write in the file system of {@code existing}.
   *
   * @throws IOException if there is no such file, or it can't be found out
   */
  public static long of(Path existing) throws IOException {
    try {
      return Files.getFileStore(existing).getUsableSpace();
    } catch (IOException e) {
      // The table of mounts does not have the root of a chroot. This asks the file system itself.
      long space = existing.toFile().getUsableSpace();
      if (space == 0) {
        throw e;
      }
      return space;
    }
  }
}
