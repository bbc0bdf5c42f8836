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
 * The files in a tar, or in a folder of it, read in place. Closing a stream of it closes nothing
 * else.
 *
 * @param source the tar, which this closes
 * @param format the title of its format
 * @param folder the folder, which ends with a slash; empty for all files of the tar
 */
record TarFiles(ArchiveSource source, String format, String folder) implements LayoutFiles {
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
      if (entry.name().startsWith(folder)) {
        String name = entry.name().substring(folder.length());
        visitor.visit(new FileEntry(entry.kind(), name, entry.data(), entry.size()));
      } else if (isInTheWay(entry)) {
        throw errors().hostile(entry.name(), "would be in the place of " + folder);
      }
    }
    source.forget();
  }

  /** Whether an unpacked {@code entry} would change what is in the folder. */
  private boolean isInTheWay(FileEntry entry) {
    String name = entry.name() + "/";
    return folder.regionMatches(true, 0, name, 0, name.length())
        ? !(folder.startsWith(name) && entry.kind() == FileEntry.EntryType.FOLDER)
        : name.regionMatches(true, 0, folder, 0, folder.length());
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
