package io.mirrorimages.archive;

import io.mirrorimages.lock.LockedException;
import io.mirrorimages.lock.RunLock;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that has another name, and a lock, until it is finished. Writing is thread-safe, by
 * position.
 */
final class PartialFile implements Closeable {
  private final Path output;
  private final Path partial;
  private final RunLock lock;
  private final PositionalFile file;
  private final long size;
  private boolean finished;
  private boolean kept;
  private boolean published;

  private PartialFile(Path output, Path partial, RunLock lock, PositionalFile file, long size) {
    this.output = output;
    this.partial = partial;
    this.lock = lock;
    this.file = file;
    this.size = size;
  }

  /** What {@code output} is called until it is finished. */
  static Path of(Path output) {
    return output.resolveSibling(output.getFileName() + LayoutNames.PARTIAL);
  }

  /**
   * Begins an empty {@code <output>.partial} that will have {@code size} bytes. Closed unfinished,
   * it is deleted, unless it is to be {@link #keep kept}.
   */
  static PartialFile create(Path output, long size) throws IOException {
    checkAbsent(output);
    PartialFile created = open(of(output), output, size);
    try {
      // Again, now that the lock is ours: the one who had it may just have finished.
      checkAbsent(output);
      created.file.truncate(0);
    } catch (IOException e) {
      created.close();
      throw e;
    }
    return created;
  }

  /**
   * Takes the lock of what an earlier run left, be it unfinished or finished with images missing.
   * Nothing is changed before {@link #takeUp}.
   */
  static PartialFile reopen(Path output, long size) throws IOException {
    boolean finished = Files.exists(output) && !Files.exists(of(output));
    if (!finished) {
      checkAbsent(output);
    }
    // By the name it has: a run that is just giving it its name has the lock, and keeps the file.
    PartialFile reopened = open(finished ? output : of(output), output, size);
    reopened.finished = finished;
    reopened.kept = finished || reopened.length() > 0;
    return reopened;
  }

  /**
   * Makes the file partial again, and empties it if it has another size than expected.
   *
   * @return whether what it holds can be gone on with
   */
  boolean takeUp() throws IOException {
    boolean whole = length() == size;
    if (finished && whole) {
      Files.move(output, partial, StandardCopyOption.ATOMIC_MOVE);
      file.renamed(partial);
    }
    // One of another size was not made by that run.
    checkAbsent(output);
    keep();
    if (!whole) {
      file.truncate(0);
    }
    return whole;
  }

  private static PartialFile open(Path present, Path output, long size) throws IOException {
    checkFolder(output);
    RunLock lock = lock(output, size);
    try {
      return new PartialFile(output, of(output), lock, openAlone(present, output), size);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * The lock that says who has it. The file itself is locked too: the user may delete all that lies
   * beside it.
   */
  private static RunLock lock(Path output, long size) throws IOException {
    try {
      return RunLock.take(
          output.resolveSibling(output.getFileName() + LayoutNames.LOCK),
          output + " is being written");
    } catch (LockedException e) {
      throw beingWritten(e.getMessage(), e);
    } catch (AccessDeniedException e) {
      throw noRight(output, e);
    } catch (IOException e) {
      throw DiskFull.explain(e, output, size);
    }
  }

  static void checkAbsent(Path output) throws MirrorException {
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      throw new MirrorException(
          Reason.UNSUPPORTED,
          output + " exists and is not overwritten: give another name, or move it away first");
    }
  }

  static void checkFolder(Path output) throws MirrorException {
    Path folder = output.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new MirrorException(
          Reason.MISSING, "the folder of " + output + " does not exist: create it first");
    }
    if (!Files.isWritable(folder)) {
      throw noRight(output, null);
    }
  }

  /** From now on the file stays when it is closed unfinished, to be gone on with. */
  void keep() {
    kept = true;
  }

  /** How many bytes there are. */
  long length() throws IOException {
    return file.size();
  }

  /** As {@link PositionalFile#read}. */
  int read(byte[] buffer, int offset, int length, long position) throws IOException {
    return file.read(buffer, offset, length, position);
  }

  void write(byte[] buffer, int length, long position) throws IOException {
    try {
      file.write(buffer, length, position);
    } catch (IOException e) {
      throw DiskFull.explain(e, output, size);
    }
  }

  /**
   * Brings everything to the disk, then gives the file its name. It stays locked until it is
   * closed.
   */
  void publish() throws IOException {
    try {
      file.force();
    } catch (IOException e) {
      throw DiskFull.explain(e, output, size);
    }
    checkAbsent(output);
    Files.move(partial, output, StandardCopyOption.ATOMIC_MOVE);
    published = true;
    forceFolder();
  }

  /** Deletes the file if it was not published and is not to be kept. */
  @Override
  public void close() throws IOException {
    try (lock;
        file) {
      if (!published && !kept) {
        // First the name, then the lock: nobody can lay hands on the file between the two.
        Files.deleteIfExists(partial);
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

  private static MirrorException beingWritten(String byWhom, Exception e) {
    return new MirrorException(
        Reason.UNSUPPORTED, byWhom + ": wait for it, or give another name", e);
  }

  private static MirrorException noRight(Path output, IOException e) {
    return new MirrorException(
        Reason.DENIED, "no right to write " + output + ": write it to another folder", e);
  }

  private void forceFolder() {
    try (FileChannel folder =
        FileChannel.open(output.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException e) {
      // Not every system lets a folder be opened; the content is on the disk already.
    }
  }
}
