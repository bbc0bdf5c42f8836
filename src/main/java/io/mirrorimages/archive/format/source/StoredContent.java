package io.mirrorimages.archive.format.source;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.PositionalFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Where the bytes of a file of an archive lie. Thread-safe. */
public interface StoredContent {
  /** How many there are. */
  long size();

  /**
   * The bytes from {@code offset} on. The caller closes the stream.
   *
   * @param offset 0 up to the size
   */
  InputStream open(long offset) throws IOException;

  /** Bytes in memory, which are not changed: of manifests and indexes. */
  static StoredContent of(byte[] bytes) {
    return new StoredContent() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open(long offset) {
        return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
      }
    };
  }

  /** A part of a file that stays open, as an entry of a tar; its name is for messages. */
  static StoredContent of(PositionalFile file, FileEntry part, ArchiveErrors errors) {
    return new StoredContent() {
      @Override
      public long size() {
        return part.size();
      }

      @Override
      public InputStream open(long offset) {
        return new RegionInputStream(file, part, offset, errors);
      }
    };
  }

  /** A file of its own, of which links are not followed, as long as it was at first. */
  static StoredContent of(Path file, long size, ArchiveErrors errors) {
    return new StoredContent() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open(long offset) throws IOException {
        return new FolderFileStream(file, offset, size, errors);
      }
    };
  }
}
