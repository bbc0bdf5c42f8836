package io.mirrorimages.archive.unpack;

import io.mirrorimages.disk.OwnFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The unpacked copy of an archive, in use. The caller closes it after everything that reads the
 * copy; the copy then stays for a later run, unless it was {@linkplain #discard discarded}.
 */
public final class UnpackedCopy implements Closeable {
  private final CopyName name;
  private final CopyLock lock;
  private boolean discarded;

  UnpackedCopy(CopyName name, CopyLock lock) {
    this.name = name;
    this.lock = lock;
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

  @Override
  public void close() throws IOException {
    lock.close();
    if (discarded) {
      delete(name);
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
