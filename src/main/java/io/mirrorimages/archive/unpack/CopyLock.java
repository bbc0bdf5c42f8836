package io.mirrorimages.archive.unpack;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.lock.LockFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The lock of an unpacked copy: one run at a time makes or deletes it, any number of runs read it
 * meanwhile it is there. It is the operating system's, so it ends with the process; within a
 * process readers share one. Where the file system has no locks, everybody gets it. Thread-safe.
 */
final class CopyLock implements Closeable {
  @GuardedBy("HELD")
  private static final Map<Path, CopyLock> HELD = new HashMap<>();

  private final Path name;
  private final LockFile file;
  private final boolean alone;

  @GuardedBy("HELD")
  private int holders = 1;

  private CopyLock(Path name, LockFile file, boolean alone) {
    this.name = name;
    this.file = file;
    this.alone = alone;
  }

  /**
   * Takes the lock without waiting; empty if others have it otherwise. The caller closes it.
   *
   * @param alone whether nobody else may have it
   */
  static Optional<CopyLock> take(Path lockFile, boolean alone) throws IOException {
    Path file = lockFile.toAbsolutePath().normalize();
    synchronized (HELD) {
      CopyLock held = HELD.get(file);
      if (held != null) {
        if (alone || held.alone) {
          return Optional.empty();
        }
        held.holders++;
        return Optional.of(held);
      }
      Optional<CopyLock> taken = lock(file, alone);
      taken.ifPresent(lock -> HELD.put(file, lock));
      return taken;
    }
  }

  private static Optional<CopyLock> lock(Path name, boolean alone) throws IOException {
    LockFile file = LockFile.take(name, !alone);
    if (!file.isHeld()) {
      file.close();
      return Optional.empty();
    }
    return Optional.of(new CopyLock(name, file, alone));
  }

  /** Deletes the lock's file; its holder has it alone and closes it next. */
  void delete() throws IOException {
    file.delete();
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      holders--;
      if (holders == 0) {
        HELD.remove(name);
        file.close();
      }
    }
  }
}
