package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.FileParts;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.format.ArchiveFormats;
import io.mirrorimages.archive.format.source.ArchiveFile;
import io.mirrorimages.archive.format.source.FileKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file or folder holds, as its content tells, whatever its name. */
public enum LocalContent {
  /** An archive of any format, or a part of one; it may be damaged. */
  ARCHIVE,
  /** A file of JSON, which an inventory is. */
  JSON,
  /** Other text, which an image list is. */
  TEXT,
  /** A folder of no known format. */
  FOLDER;

  /** The size of a tar's header, which has bytes that no text has. */
  private static final int HEADER = 512;

  /**
   * Looks at a file or folder, which exists.
   *
   * @throws io.mirrorimages.failure.TransferException if it is an archive of which that can be told
   *     only together with parts that are not there, or a folder that is damaged
   */
  public static LocalContent of(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return ArchiveFormats.isKnown(path) || !ArchiveFile.among(path).isEmpty() ? ARCHIVE : FOLDER;
    }
    byte[] start;
    try (PositionalFile file = PositionalFile.forReading(path)) {
      start = file.readFully(0, (int) Math.min(HEADER, file.size()));
    }
    if (FileKind.of(start) != FileKind.OTHER || has(start, 0, 0)) {
      return ARCHIVE;
    }
    if (start.length > 0 && start[0] == '{') {
      return JSON;
    }
    // The bytes behind the first part of a compressed file look random.
    return has(start, 1, '\b') && FileParts.of(path).files().size() > 1 ? ARCHIVE : TEXT;
  }

  private static boolean has(byte[] bytes, int least, int most) {
    for (byte b : bytes) {
      if (b >= least && b <= most) {
        return true;
      }
    }
    return false;
  }
}
