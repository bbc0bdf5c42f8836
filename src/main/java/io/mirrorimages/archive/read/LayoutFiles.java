package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.location.ImageLocation;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The files of one OCI image layout, wherever they are: in a tar or in a folder. What is in them is
 * judged by {@link LayoutScan} alone. Thread-safe.
 */
interface LayoutFiles extends Closeable {

  /** Opens a place; the caller closes it. */
  static LayoutFiles open(ImageLocation.Local place) throws IOException {
    return switch (place) {
      case ImageLocation.OciArchive(Path file) -> TarFiles.open(file);
      case ImageLocation.OciLayout(Path folder) -> FolderFiles.open(folder);
    };
  }

  /** The tar or the folder. */
  Path path();

  /** How to speak of it. */
  ArchiveErrors errors();

  /** Receives files, folders and links, one after the other. */
  interface EntryVisitor {
    void visit(FileEntry entry) throws IOException;
  }

  /** Shows all entries; those of a folder that no layout has may be left out. */
  void visit(EntryVisitor visitor) throws IOException;

  /** All bytes of a file, which the caller knows to be small. */
  byte[] read(FileEntry entry) throws IOException;

  /**
   * The bytes of a file from {@code offset} on. The caller closes the stream.
   *
   * @param offset 0 up to the file's size
   */
  InputStream open(FileEntry entry, long offset) throws IOException;

  /**
   * How many bytes of blobs that are not whole are there from a run that has not ended, or not
   * brought all, and is resumed by a further one; empty if there was none.
   */
  default OptionalLong unfinished() throws IOException {
    return OptionalLong.empty();
  }

  /** The size of all of it, in bytes. */
  long size() throws IOException;
}
