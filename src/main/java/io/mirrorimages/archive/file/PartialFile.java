package io.mirrorimages.archive.file;

import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that has another name, and a lock, until it is finished. Writing is thread-safe, by
 * position.
 */
public final class PartialFile implements Closeable {
  private final Path output;
  private final Path partial;
  private final PositionalFile file;
  private final List<Long> sizes;
  private final boolean overwrite;
  private final BackgroundFsync early;
  private boolean finished;
  private boolean kept;
  private boolean published;

  private PartialFile(Path output, PositionalFile file, List<Long> sizes, boolean overwrite) {
    this.output = output;
    this.partial = ArchiveFileNames.partial(output);
    this.file = file;
    this.sizes = List.copyOf(sizes);
    this.overwrite = overwrite;
    this.early = new BackgroundFsync(file::forceContent);
  }

  /**
   * Takes the lock of {@code <output>.partial}, which will have {@code size} bytes; nothing is
   * changed before it is {@link #empty emptied}. Closed unfinished, it is deleted, unless it is to
   * be {@link #keep kept}.
   *
   * @param overwrite whether a finished file of this name may be replaced in the end
   */
  public static PartialFile create(Path output, long size, boolean overwrite) throws IOException {
    if (!overwrite) {
      checkAbsent(output);
    }
    PartialFile created = open(ArchiveFileNames.partial(output), output, List.of(size), overwrite);
    try {
      // Again, with the lock: its previous holder may just have finished.
      created.checkReplaceable();
      // What another run left there stays if this one gets no further than this.
      created.kept = created.length() > 0;
    } catch (IOException e) {
      created.close();
      throw e;
    }
    return created;
  }

  /** Removes what an earlier run wrote. */
  public void empty() throws IOException {
    OwnFiles.step("empty", partial);
    file.truncate(0);
    kept = false;
  }

  /**
   * Takes the lock of what an earlier run left, be it unfinished or finished with images missing.
   * Nothing is changed before {@link #takeUp}, but that a partial file beside a finished one of the
   * same archive, in which nothing is yet, is removed.
   *
   * @param sizes those that the file can have been left with; the last is the one it will have
   * @param finished whether the finished file is known to be of this archive
   */
  public static PartialFile reopen(
      Path output, List<Long> sizes, boolean overwrite, boolean finished) throws IOException {
    boolean begun = Files.exists(ArchiveFileNames.partial(output), LinkOption.NOFOLLOW_LINKS);
    if (finished && begun) {
      // A run that was to replace it came no further than this.
      open(ArchiveFileNames.partial(output), output, sizes, overwrite).close();
    }
    // One of another size was not made by that run, and is not touched.
    boolean ours =
        finished
            || (!overwrite && !begun && Files.exists(output) && sizes.contains(Files.size(output)));
    if (!ours && !overwrite) {
      checkAbsent(output);
    }
    // By the name it has: a run that is just giving it its name has the lock, and keeps the file.
    PartialFile reopened =
        open(ours ? output : ArchiveFileNames.partial(output), output, sizes, overwrite);
    reopened.finished = ours;
    reopened.kept = ours || reopened.length() > 0;
    return reopened;
  }

  /**
   * Makes the file partial again, and empties it if it has another size than expected.
   *
   * @return whether its content can be resumed
   */
  public boolean takeUp() throws IOException {
    boolean whole = sizes.contains(length());
    if (finished && whole) {
      OwnFiles.move(output, partial);
      file.renamed(partial);
    }
    if (finished && !whole) {
      checkAbsent(output);
    }
    checkReplaceable();
    keep();
    if (!whole) {
      file.truncate(0);
    }
    return whole;
  }

  private static PartialFile open(Path present, Path output, List<Long> sizes, boolean overwrite)
      throws IOException {
    checkFolder(output);
    return new PartialFile(output, openAlone(present, output), sizes, overwrite);
  }

  private void checkReplaceable() throws TransferException {
    if (!overwrite) {
      checkAbsent(output);
    }
  }

  /** Refuses an output that exists. */
  public static void checkAbsent(Path output) throws TransferException {
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      throw new TransferException(
          FailureKind.EXISTS,
          output
              + " exists and is not overwritten: give another name, or "
              + Setting.OVERWRITE
              + " to replace it"
              + " when the new one is whole");
    }
  }

  /** Refuses an output whose folder is missing or may not be written. */
  public static void checkFolder(Path output) throws TransferException {
    Path folder = output.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new TransferException(
          FailureKind.FILE_MISSING, "the folder of " + output + " does not exist: create it first");
    }
    if (!Files.isWritable(folder)) {
      throw noRight(output, null);
    }
  }

  /** From now on the file stays when it is closed unfinished, so that a later run can resume it. */
  public void keep() {
    kept = true;
  }

  /** How many bytes there are. */
  long length() throws IOException {
    return file.size();
  }

  /** As {@link PositionalFile#read}. */
  public int read(byte[] buffer, int offset, int length, long position) throws IOException {
    return file.read(buffer, offset, length, position);
  }

  /** Writes all {@code length} bytes; one that the disk has no room for says what is needed. */
  public void write(byte[] buffer, int length, long position) throws IOException {
    try {
      early.check();
      file.write(buffer, length, position);
      early.wrote(length);
    } catch (IOException e) {
      throw DiskFull.explain(e, output, sizes.getLast());
    }
  }

  /** Returns when everything is on the disk. */
  public void force() throws IOException {
    try {
      OwnFiles.step("force", partial);
      file.force();
      early.check();
    } catch (IOException e) {
      throw DiskFull.explain(e, output, sizes.getLast());
    }
  }

  /** Gives the file, which is on the disk, its name. It stays locked until it is closed. */
  public void publish() throws IOException {
    checkReplaceable();
    OwnFiles.move(partial, output);
    published = true;
    OwnFiles.forceFolder(OwnFiles.folderOf(output));
  }

  /** Deletes the file if it was not published and is not to be kept. */
  @Override
  public void close() throws IOException {
    try (file) {
      if (!published && !kept) {
        // First the name, then the lock: no other run can open the file between the two.
        OwnFiles.delete(partial);
      }
    }
  }

  private static PositionalFile openAlone(Path partial, Path output) throws IOException {
    try {
      return PositionalFile.forWriting(partial);
    } catch (OverlappingFileLockException e) {
      throw beingWritten(output + " is being written by another process", e);
    } catch (AccessDeniedException e) {
      throw noRight(output, e);
    }
  }

  /** The failure of a run that finds another one at work. */
  static TransferException beingWritten(String byWhom, Exception e) {
    return new TransferException(
        FailureKind.BUSY, byWhom + ": wait for it, or give another name", e);
  }

  static TransferException noRight(Path output, @Nullable IOException e) {
    return new TransferException(
        FailureKind.FILE_DENIED, "no right to write " + output + ": write it to another folder", e);
  }
}
