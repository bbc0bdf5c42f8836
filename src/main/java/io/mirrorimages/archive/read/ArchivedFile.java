package io.mirrorimages.archive.read;

import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One file of an archive, or a folder that is one.
 *
 * @param path where it is
 * @param format what it is, as in {@code docker archive}
 * @param size its bytes; of a folder those of all its files
 * @param inventory what it says of its archive; empty if another tool wrote it
 * @param blobs the digests of the blobs that it has, as their names say
 */
public record ArchivedFile(
    Path path, String format, long size, Optional<Inventory> inventory, Set<Digest> blobs) {
  /** Keeps a view of {@code blobs}, which an open archive does not change. */
  public ArchivedFile {
    blobs = Collections.unmodifiableSet(blobs);
  }

  static List<ArchivedFile> allOf(List<ArchiveVolume> volumes) throws IOException {
    List<ArchivedFile> files = new ArrayList<>();
    for (ArchiveVolume volume : volumes) {
      files.add(of(volume));
    }
    return files;
  }

  private static ArchivedFile of(ArchiveVolume volume) throws IOException {
    return new ArchivedFile(
        volume.path(),
        volume.files().format(),
        volume.files().size(),
        volume.inventory(),
        volume.scan().blobs().keySet());
  }

  /** The bytes of all of them together. */
  public static long sizeOf(List<ArchivedFile> files) {
    return files.stream().mapToLong(ArchivedFile::size).sum();
  }
}
