package io.mirrorimages.archive.unpack;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.disk.OwnFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lock of an unpacked copy: one run at a time makes or deletes it, any number of runs read it
 * meanwhile it is there. It is the operating system's, so it ends with the process; within a
 * process readers share one. Where the file system has no locks, everybody gets it. Thread-safe.
 */
final class CopyLock implements Closeable {
  @GuardedBy("HELD")
  private static final Map<Path, CopyLock> HELD = new HashMap<>();

  private final Path file;
  private final FileChannel channel;
  private final boolean alone;

  @GuardedBy("HELD")
  private int holders = 1;

  private CopyLock(Path file, FileChannel channel, boolean alone) {
    this.file = file;
    this.channel = channel;
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

  private static Optional<CopyLock> lock(Path file, boolean alone) throws IOException {
    FileChannel channel =
        OwnFiles.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      Optional<Object> opened = identity(file);
      locked = tryLock(channel, !alone) && opened.isPresent() && opened.equals(identity(file));
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? Optional.of(new CopyLock(file, channel, alone)) : Optional.empty();
  }

  private static boolean tryLock(FileChannel channel, boolean shared) {
    try {
      @Nullable FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Who deletes the lock file has it alone: a file of another identity is another lock. */
  private static Optional<Object> identity(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(Objects.requireNonNullElse(attributes.fileKey(), ""));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Deletes the lock's file; its holder has it alone and closes it next. */
  void delete() throws IOException {
    OwnFiles.delete(file);
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      holders--;
      if (holders == 0) {
        HELD.remove(file);
        channel.close();
      }
    }
  }
}
