package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.tar.TarScanner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files in a tar, read in place. Closing a stream of it closes nothing else.
 *
 * @param path the tar
 * @param file the same, open
 * @param errors how to speak of it
 */
record TarFiles(Path path, PositionalFile file, ArchiveErrors errors) implements LayoutFiles {

  static TarFiles open(Path path) throws IOException {
    ArchiveErrors errors = new ArchiveErrors(path);
    return new TarFiles(path, ArchiveFile.open(path, errors), errors);
  }

  @Override
  public void visit(EntryVisitor visitor) throws IOException {
    TarScanner scanner = new TarScanner(file, errors);
    for (Optional<FileEntry> next = scanner.next(); next.isPresent(); next = scanner.next()) {
      visitor.visit(next.get());
    }
    if (scanner.isEmpty()) {
      // So looks a file of ours before its last step.
      throw errors.unfinished();
    }
  }

  @Override
  public byte[] read(FileEntry entry) throws IOException {
    return file.readFully(entry.data(), (int) entry.size());
  }

  @Override
  public InputStream open(FileEntry entry, long offset) {
    return new RegionInputStream(file, entry, offset, errors);
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
