package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.InventoryJson;
import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.nio.file.Path;

/** Where an inventory is read from: an archive that has it, or a small file of its own. */
public final class InventoryFile {
  private static final int LARGEST = 256 * 1024 * 1024;

  private InventoryFile() {}

  /**
   * Reads the inventory of an archive, from one of its volumes or from a file of its own.
   *
   * @throws io.mirrorimages.failure.TransferException if the file is neither, or can't be read
   */
  public static Inventory read(Path file) throws IOException {
    ArchiveErrors errors = new ArchiveErrors(file);
    try (PositionalFile opened = ArchiveFile.open(file, errors)) {
      if (opened.size() > 0 && opened.readFully(0, 1)[0] == '{') {
        if (opened.size() > LARGEST) {
          throw errors.corrupt("is larger than any inventory: give the file as inventory wrote it");
        }
        return InventoryJson.parse(opened.readFully(0, (int) opened.size()));
      }
    } catch (InvalidContentException e) {
      throw errors.corrupt(
          "is no inventory (" + e.getMessage() + "): write it again with inventory");
    }
    try (ArchiveReader archive = ArchiveReader.open(file)) {
      return archive.inventory();
    }
  }
}
