package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.Inventory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One file of an archive, or a folder that is one.
 *
 * @param path where it is
 * @param size its bytes; of a folder those of all its files
 * @param inventory what it says of its archive; empty if another tool wrote it
 */
public record ArchivedFile(Path path, long size, Optional<Inventory> inventory) {
  /** The bytes of all of them together. */
  public static long sizeOf(List<ArchivedFile> files) {
    return files.stream().mapToLong(ArchivedFile::size).sum();
  }
}
