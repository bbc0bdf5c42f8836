package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.format.ArchiveFormats;
import io.mirrorimages.archive.format.LayoutFiles;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.location.ImageLocation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One file of an archive, or a folder, open for reading.
 *
 * @param files where its files are
 * @param scan what it holds
 */
record ArchiveVolume(LayoutFiles files, LayoutScan scan) implements Closeable {

  /** Opens a place and reads its headers and its JSON files; as {@link ArchiveReader#open}. */
  static ArchiveVolume open(ImageLocation.Local place) throws IOException {
    Path parent = place.path().toAbsolutePath().getParent();
    LayoutFiles files = ArchiveFormats.open(place, parent == null ? place.path() : parent);
    boolean opened = false;
    try {
      ArchiveVolume volume = new ArchiveVolume(files, LayoutScan.of(files));
      opened = true;
      return volume;
    } finally {
      if (!opened) {
        files.close();
      }
    }
  }

  Path path() {
    return files.path();
  }

  ArchiveErrors errors() {
    return files.errors();
  }

  Optional<Inventory> inventory() {
    return scan.inventory();
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
