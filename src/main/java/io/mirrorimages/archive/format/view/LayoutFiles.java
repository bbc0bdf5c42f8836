package io.mirrorimages.archive.format.view;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The files of one OCI image layout, wherever they are: in a tar, in a folder, or in something of
 * another format that is shown as one. What is in them is checked by the reader alone. Thread-safe.
 */
public interface LayoutFiles extends Closeable {

  /** The tar or the folder. */
  Path path();

  /** The title of its format, as in {@code docker archive}. */
  String format();

  /**
   * Which manifests the format does not keep, so that those here are rebuilt and have other digests
   * than those of the registries that the images came from.
   */
  default Rebuilt rebuilt() {
    return Rebuilt.NOTHING;
  }

  /** Whether it may be one file of a set, of which the others have what it lacks. */
  default boolean isOfSet() {
    return false;
  }

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
