package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.layout.Inventory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One file of an archive, open for reading.
 *
 * @param path the file
 * @param file the same, open
 * @param errors how to speak of it
 * @param scan what it holds
 */
record ArchiveVolume(Path path, PositionalFile file, ArchiveErrors errors, LayoutScan scan)
    implements Closeable {

  /** Opens a file and reads its headers and its JSON files; as {@link ArchiveReader#open}. */
  static ArchiveVolume open(Path path) throws IOException {
    ArchiveErrors errors = new ArchiveErrors(path);
    PositionalFile file = ArchiveFile.open(path, errors);
    boolean opened = false;
    try {
      ArchiveVolume volume = new ArchiveVolume(path, file, errors, LayoutScan.of(file, errors));
      opened = true;
      return volume;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  Optional<Inventory> inventory() {
    return scan.inventory();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
