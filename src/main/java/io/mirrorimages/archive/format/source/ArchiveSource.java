package io.mirrorimages.archive.format.source;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.tar.TarScanner;
import io.mirrorimages.location.ImageLocation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a user gave as an archive: a file, open, or a folder. Formats look at it to tell whether it
 * is theirs. Not thread-safe; the file in it is.
 */
public final class ArchiveSource implements Closeable {
  /** More than any archive has; keeps a file of empty entries from filling the memory. */
  private static final int MOST_ENTRIES = 10_000_000;

  private final Path path;
  private final Path workFolder;
  private final ArchiveErrors errors;
  private final @Nullable PositionalFile file;
  private final boolean layout;
  private @Nullable List<FileEntry> entries;

  private ArchiveSource(
      Path path,
      Path workFolder,
      ArchiveErrors errors,
      @Nullable PositionalFile file,
      boolean layout) {
    this.path = path;
    this.workFolder = workFolder;
    this.errors = errors;
    this.file = file;
    this.layout = layout;
  }

  /** Opens a file, or looks whether there is a folder; the caller closes it. */
  public static ArchiveSource open(ImageLocation.Local place, Path content, Path workFolder)
      throws IOException {
    ArchiveErrors errors = new ArchiveErrors(place.path());
    PositionalFile file = null;
    switch (place) {
      case ImageLocation.OciArchive _ -> {
        if (!Files.isDirectory(content)) {
          file = ArchiveFile.open(content, errors);
        }
      }
      case ImageLocation.OciLayout(Path path) -> ArchiveFile.requireFolder(path);
    }
    boolean layout = place instanceof ImageLocation.OciLayout;
    return new ArchiveSource(place.path(), workFolder, errors, file, layout);
  }

  /** The file or the folder. */
  public Path path() {
    return path;
  }

  /** Where a format may put files that it needs; need not exist. */
  public Path workFolder() {
    return workFolder;
  }

  /** How to speak of it. */
  public ArchiveErrors errors() {
    return errors;
  }

  public boolean isFolder() {
    return file == null;
  }

  /** Whether the user says that it is a folder with an image layout. */
  public boolean isMeantAsLayout() {
    return layout;
  }

  /** The file, which stays open until this is closed; {@link IllegalStateException} if none. */
  public PositionalFile file() {
    if (file == null) {
      throw new IllegalStateException(path + " is a folder");
    }
    return file;
  }

  /** What the first bytes of the file tell. */
  public FileKind kind() throws IOException {
    return FileKind.of(file());
  }

  /**
   * All entries of the file as a tar, in their order. Its headers are read once.
   *
   * @throws io.mirrorimages.failure.TransferException {@link
   *     io.mirrorimages.failure.FailureKind#CORRUPT} if it is no tar, a damaged one, or one that
   *     programs read differently
   */
  public List<FileEntry> entries() throws IOException {
    List<FileEntry> known = entries;
    if (known == null) {
      known = scan();
      entries = known;
    }
    return known;
  }

  /** Gives up the list of entries, which may be long. */
  public void forget() {
    entries = null;
  }

  private List<FileEntry> scan() throws IOException {
    FileKind.requireTar(file(), errors);
    List<FileEntry> found = new ArrayList<>();
    TarScanner scanner = new TarScanner(file(), errors);
    for (Optional<FileEntry> next = scanner.next(); next.isPresent(); next = scanner.next()) {
      found.add(next.get());
      if (found.size() > MOST_ENTRIES) {
        throw errors.refused("it has more than " + MOST_ENTRIES + " files");
      }
    }
    if (scanner.isEmpty()) {
      // So looks a file of ours before its last step.
      throw scanner.isAllZeros() ? errors.zeros() : errors.unfinished();
    }
    return List.copyOf(found);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
