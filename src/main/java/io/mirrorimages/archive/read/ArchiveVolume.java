package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileParts;
import io.mirrorimages.archive.format.ArchiveFormats;
import io.mirrorimages.archive.format.view.LayoutFiles;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.unpack.UnpackedCopy;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.location.ImageLocation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One file of an archive, or a folder, open for reading.
 *
 * @param files where its files are
 * @param scan what it holds
 * @param copy what is read in place of a compressed file
 */
record ArchiveVolume(LayoutFiles files, LayoutScan scan, Optional<UnpackedCopy> copy)
    implements Closeable {

  /**
   * Opens all places, or none of them; as {@link ArchiveReader#openAll}. Parts of one file are one
   * volume.
   */
  static List<ArchiveVolume> openAll(
      List<? extends ImageLocation.Local> places, Optional<Unpacker> unpacker) throws IOException {
    List<ArchiveVolume> volumes = new ArrayList<>();
    boolean opened = false;
    try {
      Set<FileParts> seen = new HashSet<>();
      for (ImageLocation.Local place : places) {
        FileParts parts = FileParts.of(place.path());
        if (parts.files().size() == 1 || seen.add(parts)) {
          volumes.add(open(place, parts, unpacker));
        }
      }
      opened = true;
      return List.copyOf(volumes);
    } finally {
      if (!opened) {
        closeAll(volumes);
      }
    }
  }

  static void closeAll(List<ArchiveVolume> volumes) throws IOException {
    for (ArchiveVolume volume : volumes) {
      volume.close();
    }
  }

  /** As {@link ArchiveReader#unfinishedBytes}. */
  static OptionalLong unfinishedBytes(List<ArchiveVolume> volumes) throws IOException {
    long bytes = 0;
    boolean found = false;
    for (ArchiveVolume volume : volumes) {
      OptionalLong left = volume.files().unfinished();
      found |= left.isPresent();
      bytes += left.orElse(0);
    }
    return found ? OptionalLong.of(bytes) : OptionalLong.empty();
  }

  /** Closes them after {@code failure}; copies that no later run can use are not kept. */
  static void abandonAll(List<ArchiveVolume> volumes, Throwable failure) throws IOException {
    volumes.forEach(volume -> volume.copy.ifPresent(copy -> copy.discardIfUnusable(failure)));
    closeAll(volumes);
  }

  /** Opens a place and reads its headers and its JSON files; as {@link ArchiveReader#open}. */
  static ArchiveVolume open(ImageLocation.Local place, Optional<Unpacker> unpacker)
      throws IOException {
    return open(place, FileParts.of(place.path()), unpacker);
  }

  private static ArchiveVolume open(
      ImageLocation.Local place, FileParts parts, Optional<Unpacker> unpacker) throws IOException {
    Optional<UnpackedCopy> copy = Optional.empty();
    try {
      if (unpacker.isPresent()) {
        copy = unpacker.get().open(place.path());
      }
      return scan(place, copy);
    } catch (IOException | RuntimeException e) {
      if (copy.isPresent()) {
        copy.get().discardIfUnusable(e);
        copy.get().close();
      }
      if (e instanceof TransferException failure) {
        throw parts.explain(failure);
      }
      throw e;
    }
  }

  private static ArchiveVolume scan(ImageLocation.Local place, Optional<UnpackedCopy> copy)
      throws IOException {
    Path content = copy.map(UnpackedCopy::path).orElse(place.path());
    Path parent = content.toAbsolutePath().getParent();
    LayoutFiles files = ArchiveFormats.open(place, content, parent == null ? content : parent);
    boolean opened = false;
    try {
      ArchiveVolume volume = new ArchiveVolume(files, LayoutScan.of(files), copy);
      opened = true;
      if (volume.isEmpty()) {
        copy.ifPresent(UnpackedCopy::discard);
      }
      return volume;
    } finally {
      if (!opened) {
        files.close();
      }
    }
  }

  /** Whether it has no image, so that nothing can be done with it. */
  private boolean isEmpty() {
    return inventory().isEmpty()
        && scan.index().named().isEmpty()
        && scan.index().unnamed().isEmpty();
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
    try {
      files.close();
    } finally {
      if (copy.isPresent()) {
        copy.get().close();
      }
    }
  }
}
