package io.mirrorimages.archive.unpack;

import com.github.luben.zstd.util.Native;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Loads the native library of zstd, which its jar has for Linux on amd64 and arm64. It is put into
 * a folder for that moment; some systems allow no programs in their folder for temporary files.
 */
final class ZstdLibrary {
  private ZstdLibrary() {}

  /**
   * Loads it, once in a process.
   *
   * @param work where it is put if it can't be run in the folder for temporary files
   * @throws TransferException {@link FailureKind#UNSUPPORTED} if it can't be loaded
   */
  static void load(Path work) throws TransferException {
    Optional<Throwable> failure = tryIn(Path.of(System.getProperty("java.io.tmpdir")));
    if (failure.isPresent() && tryIn(work).isPresent()) {
      throw new TransferException(
          FailureKind.UNSUPPORTED,
          "zstd can't be used on this system: decompress the archive first with zstd -d",
          failure.get());
    }
  }

  private static Optional<Throwable> tryIn(Path folder) {
    try {
      Native.load(folder.toFile());
      return Optional.empty();
    } catch (LinkageError | UnsupportedOperationException e) {
      return Optional.of(e);
    }
  }
}
