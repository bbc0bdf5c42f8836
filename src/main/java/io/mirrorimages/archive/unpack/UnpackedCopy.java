package io.mirrorimages.archive.unpack;

import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The unpacked copy of an archive, in use. The caller closes it after everything that reads the
 * copy; the copy then stays for a later run, which is reported, unless it was {@linkplain #discard
 * discarded}.
 */
public final class UnpackedCopy implements Closeable {
  private final CopyName name;
  private final CopyLock lock;
  private final RunListener listener;
  private boolean discarded;

  /**
   * Takes a copy that is whole.
   *
   * @param lock shared; released by {@link #close}
   * @param listener receives a hint if the copy is kept
   */
  UnpackedCopy(CopyName name, CopyLock lock, RunListener listener) {
    this.name = name;
    this.lock = lock;
    this.listener = listener;
  }

  /** The copy. */
  public Path path() {
    return name.copy();
  }

  /** Its size in bytes. */
  public long size() throws IOException {
    return Files.size(path());
  }

  /** Deletes the copy when this is closed, unless another run reads it then. */
  public void discard() {
    discarded = true;
  }

  /**
   * Discards the copy if {@code failure} says that it is damaged or no archive that can be read: a
   * later run would find the same.
   */
  public void discardIfUnusable(Throwable failure) {
    if (failure instanceof TransferException refused && refused.reason() == FailureKind.CORRUPT) {
      discard();
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
    if (discarded) {
      delete(name);
    } else {
      listener.on(
          new RunEvent.Hint(path() + " is kept for the next run: delete it if there will be none"));
    }
  }

  /** Deletes what there is of a copy, if nobody makes or reads it. */
  static void delete(CopyName name) throws IOException {
    Optional<CopyLock> alone = CopyLock.take(name.lock(), true);
    if (alone.isPresent()) {
      try (CopyLock mine = alone.get()) {
        OwnFiles.delete(name.copy());
        OwnFiles.delete(name.partial());
        mine.delete();
      }
    }
  }
}
