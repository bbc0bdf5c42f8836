package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;

/** Opens what a user calls an archive, and says early what it is instead. */
final class ArchiveFile {
  private static final int LONGEST_MAGIC = 6;

  private ArchiveFile() {}

  static PositionalFile open(Path path, ArchiveErrors errors) throws IOException {
    if (ArchiveFileNames.isPartial(path)) {
      throw errors.unfinished();
    }
    // Opening a pipe would wait for its writer.
    if (Files.isDirectory(path)) {
      throw new TransferException(
          FailureKind.OPTION,
          path
              + " is no file but a folder: give the archive as save wrote it, or oci:DIR for a"
              + " folder that is an image layout");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new TransferException(
          FailureKind.OPTION, path + " is no file: give the archive as save wrote it");
    }
    PositionalFile file;
    try {
      file = PositionalFile.forReading(path);
    } catch (NoSuchFileException e) {
      throw new TransferException(
          FailureKind.FILE_MISSING, path + " does not exist: give the path of an archive", e);
    } catch (AccessDeniedException e) {
      throw new TransferException(
          FailureKind.FILE_DENIED, path + " may not be read: ask its owner for the right to", e);
    }
    try {
      refuseCompressed(file, errors);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return file;
  }

  private static void refuseCompressed(PositionalFile file, ArchiveErrors errors)
      throws IOException {
    int length = (int) Math.min(LONGEST_MAGIC, file.size());
    String magic = HexFormat.of().formatHex(file.readFully(0, length));
    if (magic.startsWith("1f8b")) {
      throw errors.compressed("gzip", "gzip -d");
    } else if (magic.startsWith("504b0304")) {
      throw errors.zip();
    } else if (magic.startsWith("28b52ffd")) {
      throw errors.compressed("zstd", "zstd -d");
    } else if (magic.startsWith("fd377a585a00")) {
      throw errors.compressed("xz", "xz -d");
    } else if (magic.startsWith("425a68")) {
      throw errors.compressed("bzip2", "bzip2 -d");
    } else if (magic.startsWith("04224d18")) {
      throw errors.compressed("lz4", "lz4 -d");
    }
  }
}
