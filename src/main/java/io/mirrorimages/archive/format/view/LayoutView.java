package io.mirrorimages.archive.format.view;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.format.source.ArchiveSource;
import io.mirrorimages.archive.format.source.StoredContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Something that is no OCI image layout, as one: blobs lie where they are, under the digests that
 * they are said to have; {@code oci-layout} and {@code index.json} are made. Thread-safe.
 */
public final class LayoutView implements LayoutFiles {
  private final ArchiveSource source;
  private final String format;
  private final Rebuilt rebuilt;
  private final boolean ofSet;
  private final long size;
  private final Map<String, StoredContent> files;

  LayoutView(
      ArchiveSource source,
      String format,
      Rebuilt rebuilt,
      boolean ofSet,
      long size,
      Map<String, StoredContent> files) {
    this.source = source;
    this.format = format;
    this.rebuilt = rebuilt;
    this.ofSet = ofSet;
    this.size = size;
    this.files = files;
  }

  @Override
  public Path path() {
    return source.path();
  }

  @Override
  public ArchiveErrors errors() {
    return source.errors();
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public Rebuilt rebuilt() {
    return rebuilt;
  }

  @Override
  public boolean isOfSet() {
    return ofSet;
  }

  @Override
  public void visit(EntryVisitor visitor) throws IOException {
    for (Map.Entry<String, StoredContent> file : files.entrySet()) {
      long bytes = file.getValue().size();
      visitor.visit(new FileEntry(FileEntry.EntryType.FILE, file.getKey(), 0, bytes));
    }
  }

  @Override
  public byte[] read(FileEntry entry) throws IOException {
    try (InputStream in = open(entry, 0)) {
      return in.readNBytes((int) entry.size());
    }
  }

  @Override
  public InputStream open(FileEntry entry, long offset) throws IOException {
    return Objects.requireNonNull(files.get(entry.name()), entry.name()).open(offset);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
