package io.mirrorimages.archive.unpack;

import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.archive.file.FileParts;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.disk.Fsync;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks compressed archives, each once. Thread-safe.
 *
 * @param folder where copies are made; null for the folder of the archive
 * @param listener receives {@link RunEvent.Unpacking}, and a hint for each copy that is kept
 * @param first what is done before an archive is unpacked, since it may fail; not where its copy is
 *     there already
 */
public record Unpacker(@Nullable Path folder, RunListener listener, Precondition first) {
  private static final int MOST_TRIES = 100;

  /** With nothing to be done first. */
  public Unpacker(@Nullable Path folder, RunListener listener) {
    this(folder, listener, Precondition.NONE);
  }

  /** What has to succeed before work that takes long. */
  @FunctionalInterface
  public interface Precondition {
    /** One that never fails. */
    Precondition NONE = () -> {};

    /** Fails with what the user should know. */
    void check() throws IOException;
  }

  /**
   * The plain bytes of a part of a file that is compressed with gzip, zstd or xz. The caller closes
   * it.
   *
   * @param start where the part begins in {@code file}
   * @param part its bytes, to be read from {@code file}
   * @param work where a native library may be put for a moment
   * @throws IOException here or while it is read, if it is damaged or not compressed so
   */
  public static InputStream decompressed(
      PositionalFile file, long start, InputStream part, Path work) throws IOException {
    Optional<Compression> compression = Compression.of(file, start);
    if (compression.isEmpty()) {
      throw new IOException("not compressed in a known way");
    }
    return compression.get().open(part, work);
  }

  /**
   * The unpacked copy of a compressed file: made now, or by an earlier run. The caller closes it.
   *
   * @param path the file, which exists, or one of its parts ({@link FileParts})
   * @return empty if the file is not compressed with gzip, zstd or xz
   * @throws TransferException {@link FailureKind#CORRUPT} if it is damaged, cut off or no
   *     compressed tar; {@link FailureKind#SPACE} if there is no room for the copy, {@link
   *     FailureKind#BUSY} if another run makes it, {@link FailureKind#FILE_DENIED} if it can't be
   *     made there
   */
  public Optional<UnpackedCopy> open(Path path) throws IOException {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      return Optional.empty();
    }
    try (PositionalFile file = FileParts.of(path).open()) {
      Optional<Compression> compression = Compression.of(file);
      return compression.isPresent()
          ? Optional.of(open(path, file, compression.get()))
          : Optional.empty();
    }
  }

  private UnpackedCopy open(Path path, PositionalFile file, Compression compression)
      throws IOException {
    Path where = folder == null ? OwnFiles.folderOf(path) : folder;
    if (!Files.isDirectory(where)) {
      throw new TransferException(
          FailureKind.FILE_MISSING,
          where + " is no folder: make it, or name another one with " + Setting.WORK_DIR);
    }
    CopyName name = CopyName.of(file, path, where);
    if (!name.exists()) {
      first.check();
    }
    try {
      for (int tries = 0; tries < MOST_TRIES; tries++) {
        if (name.exists()) {
          OwnFiles.check(name.copy());
          Optional<CopyLock> shared = CopyLock.take(name.lock(), false);
          if (shared.isPresent() && name.exists()) {
            return new UnpackedCopy(name, shared.get(), listener);
          }
          closeAll(shared);
        } else {
          Optional<CopyLock> alone = CopyLock.take(name.lock(), true);
          if (alone.isEmpty() && !name.exists()) {
            throw new TransferException(
                FailureKind.BUSY,
                path + " is being unpacked by another run: wait for it, then run this again");
          }
          if (alone.isPresent()) {
            make(path, file, compression, name, alone.get());
          }
        }
      }
    } catch (AccessDeniedException e) {
      throw noRight(path, where, e);
    } catch (FileSystemException e) {
      if (!Files.isWritable(where)) {
        throw noRight(path, where, e);
      }
      throw DiskFull.explain(e, name.copy());
    }
    throw new TransferException(
        FailureKind.BUSY, path + " is being unpacked by other runs: run this again later");
  }

  private static TransferException noRight(Path path, Path where, IOException e) {
    return new TransferException(
        FailureKind.FILE_DENIED,
        path
            + " is compressed and can't be unpacked in "
            + where
            + ", which may not be written: name another folder with "
            + Setting.WORK_DIR,
        e);
  }

  private static void closeAll(Optional<CopyLock> lock) throws IOException {
    if (lock.isPresent()) {
      lock.get().close();
    }
  }

  /** Makes the copy, unless another run has finished it meanwhile; gives the lock back. */
  private void make(
      Path path, PositionalFile file, Compression compression, CopyName name, CopyLock alone)
      throws IOException {
    try (alone) {
      if (name.exists()) {
        return;
      }
      boolean made = false;
      try {
        // What a killed run left is no part of the new copy.
        OwnFiles.delete(name.partial());
        Decompression decompression = new Decompression(path, file, compression, name, listener);
        decompression.checkRoom();
        try (FileChannel out =
            OwnFiles.open(
                name.partial(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          decompression.run(out);
          Fsync.force(out, true);
        }
        OwnFiles.move(name.partial(), name.copy());
        OwnFiles.forceFolder(OwnFiles.folderOf(name.copy()));
        made = true;
      } finally {
        if (!made) {
          OwnFiles.delete(name.partial());
          alone.delete();
        }
      }
    }
  }
}
