package io.mirrorimages.archive.format.source;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.file.FileParts;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens what a user calls an archive; what is in it is not looked at. */
public final class ArchiveFile {
  private static final String LAYOUT = "oci-layout";

  private ArchiveFile() {}

  /**
   * Opens a file that exists, with all its parts if it was cut into some ({@link FileParts}); the
   * caller closes it.
   *
   * @throws TransferException {@link FailureKind#OPTION} for a folder or a pipe, {@link
   *     FailureKind#FILE_MISSING}, {@link FailureKind#FILE_DENIED}, {@link FailureKind#CORRUPT} for
   *     a file that save has not finished
   */
  public static PositionalFile open(Path path, ArchiveErrors errors) throws IOException {
    if (ArchiveFileNames.isPartial(path)) {
      throw errors.unfinished();
    }
    // Opening a pipe would wait for its writer.
    if (Files.isDirectory(path)) {
      throw isFolder(path);
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new TransferException(
          FailureKind.OPTION, path + " is no file: give the archive as save wrote it");
    }
    try {
      return FileParts.of(path).open();
    } catch (NoSuchFileException e) {
      throw new TransferException(
          FailureKind.FILE_MISSING, path + " does not exist: give the path of an archive", e);
    } catch (AccessDeniedException e) {
      throw new TransferException(
          FailureKind.FILE_DENIED, path + " may not be read: ask its owner for the right to", e);
    }
  }

  /** What is said of a folder in place of a file. */
  public static TransferException isFolder(Path path) throws IOException {
    if (Files.exists(path.resolve(LAYOUT))) {
      return new TransferException(
          FailureKind.OPTION,
          path + " is a folder that is an OCI image layout: give it as oci:" + path);
    }
    List<Path> archives = among(path);
    if (!archives.isEmpty()) {
      String name = String.valueOf(archives.getFirst().getFileName());
      return new TransferException(
          FailureKind.OPTION,
          path
              + " is a folder with archives: give these, as in '"
              + path.resolve(name.contains(".") ? "*" + name.substring(name.indexOf('.')) : "*")
              + "'");
    }
    return new TransferException(
        FailureKind.OPTION,
        path
            + " is no file but a folder: give the archive as save wrote it, or oci:DIR for a"
            + " folder that is an image layout");
  }

  /** The files of a folder that are tars, zips or compressed, as their beginnings tell, by name. */
  public static List<Path> among(Path folder) throws IOException {
    List<Path> archives = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)
            && Files.isReadable(file)
            && FileKind.isArchive(beginning(file))) {
          archives.add(file);
        }
      }
    }
    archives.sort(null);
    return archives;
  }

  private static byte[] beginning(Path file) throws IOException {
    try (PositionalFile opened = PositionalFile.forReading(file)) {
      return opened.readFully(0, (int) Math.min(FileKind.ENOUGH, opened.size()));
    }
  }

  /** Checks that there is a folder. */
  static void requireFolder(Path path) throws TransferException {
    if (!Files.exists(path)) {
      throw new TransferException(
          FailureKind.FILE_MISSING,
          path + " does not exist: give the folder of an OCI image layout");
    }
    if (!Files.isDirectory(path)) {
      throw new TransferException(
          FailureKind.OPTION, path + " is no folder: give it without oci: if it is an archive");
    }
  }
}
