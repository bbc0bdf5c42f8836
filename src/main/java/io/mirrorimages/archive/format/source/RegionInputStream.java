package io.mirrorimages.archive.format.source;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.image.BulkInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Bytes of an archive from one position to another. Closing it closes nothing else. */
public final class RegionInputStream extends BulkInputStream {
  private static final int BUFFER = 128 * 1024;

  private final PositionalFile file;
  private final FileEntry entry;
  private final ArchiveErrors errors;
  private long offset;

  public RegionInputStream(
      PositionalFile file, FileEntry entry, long offset, ArchiveErrors errors) {
    this.file = file;
    this.entry = entry;
    this.offset = offset;
    this.errors = errors;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    Objects.checkFromIndexSize(start, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    long left = entry.size() - offset;
    if (left == 0) {
      return -1;
    }
    int read = file.read(buffer, start, (int) Math.min(length, left), entry.data() + offset);
    if (read < 0) {
      // It was longer when it was opened.
      throw errors.truncated("in the middle of " + entry.name());
    }
    offset += read;
    return read;
  }

  @Override
  public long skip(long n) {
    long skipped = Math.clamp(n, 0, entry.size() - offset);
    offset += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, entry.size() - offset);
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, entry.size() - offset))];
    long sent = 0;
    for (int read = read(buffer); read >= 0; read = read(buffer)) {
      out.write(buffer, 0, read);
      sent += read;
    }
    return sent;
  }
}
