package io.mirrorimages.archive.format.oci;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.RegionInputStream;
import io.mirrorimages.archive.format.view.LayoutFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The files in a tar, read in place. Closing a stream of it closes nothing else.
 *
 * @param source the tar, which this closes
 * @param format the title of its format
 */
record TarFiles(ArchiveSource source, String format) implements LayoutFiles {
  @Override
  public Path path() {
    return source.path();
  }

  @Override
  public ArchiveErrors errors() {
    return source.errors();
  }

  @Override
  public void visit(EntryVisitor visitor) throws IOException {
    for (FileEntry entry : source.entries()) {
      visitor.visit(entry);
    }
    source.forget();
  }

  @Override
  public byte[] read(FileEntry entry) throws IOException {
    return source.file().readFully(entry.data(), (int) entry.size());
  }

  @Override
  public InputStream open(FileEntry entry, long offset) {
    return new RegionInputStream(source.file(), entry, offset, errors());
  }

  @Override
  public long size() throws IOException {
    return source.file().size();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
