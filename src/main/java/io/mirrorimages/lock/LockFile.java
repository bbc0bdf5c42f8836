package io.mirrorimages.lock;

import io.mirrorimages.disk.OwnFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/**
 * A file that the operating system's lock is on, shared or not, and that its holder may delete. The
 * lock ends with the process. Not to be interrupted while it is taken; otherwise thread-safe.
 *
 * <p>Within a process, a file has one of these at a time: on POSIX systems closing the file once
 * gives up the lock.
 */
public final class LockFile implements Closeable {
  /** More than any race takes: there are file systems whose files have no lasting identity. */
  private static final int MOST_TRIES = 100;

  /** The first byte of a file that its holder has deleted; nothing else begins with it. */
  private static final byte GIVEN_UP = '-';

  private final Path file;
  private final FileChannel channel;
  private final boolean held;

  private LockFile(Path file, FileChannel channel, boolean held) {
    this.file = file;
    this.channel = channel;
    this.held = held;
  }

  /**
   * Tries to take the lock, without waiting for it; see {@link #isHeld}. Where the file system has
   * no locks, as some network file systems, everybody gets it. The caller closes the file in any
   * case.
   *
   * @param file made if it is not there; its folder exists
   * @param shared whether others may have it too, who take it as shared
   * @throws IOException if the file can't be made
   */
  public static LockFile take(Path file, boolean shared) throws IOException {
    for (int tries = 1; ; tries++) {
      Optional<Object> before = identity(file);
      FileChannel channel =
          OwnFiles.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      boolean taken = false;
      try {
        boolean held = lock(channel, shared);
        // Its holder may have deleted it meanwhile: then later runs do not see this lock. Such a
        // file says so itself. Where a full disk kept it from that, its identity tells; but that
        // alone is not enough, since a new file may have the identity of a deleted one.
        taken =
            !held
                || tries == MOST_TRIES
                || (before.isPresent() && before.equals(identity(file)) && !givenUp(channel));
        if (taken) {
          return new LockFile(file, channel, held);
        }
      } finally {
        if (!taken) {
          channel.close();
        }
      }
    }
  }

  private static boolean lock(FileChannel channel, boolean shared) {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, shared) != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Which file has the name now; empty if none has. */
  private static Optional<Object> identity(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      // Systems without such a key don't let an open file be deleted.
      return Optional.of(Objects.requireNonNullElse(attributes.fileKey(), ""));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static boolean givenUp(FileChannel channel) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(1);
    return channel.read(first, 0) == 1 && first.get(0) == GIVEN_UP;
  }

  /** Whether this has the lock; if not, others have it. */
  public boolean isHeld() {
    return held;
  }

  /** The open file, whose content is the holder's. */
  FileChannel channel() {
    return channel;
  }

  /**
   * Deletes the file, whose lock nobody shares. First the file says that it is no longer the lock,
   * then its name goes, then, by {@link #close}, the lock: no run gets only one of the two. Does
   * nothing once it is closed.
   */
  public void delete() throws IOException {
    if (channel.isOpen()) {
      giveUp();
      Files.deleteIfExists(file);
    }
  }

  private void giveUp() {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {GIVEN_UP}), 0);
    } catch (IOException e) {
      // See take: the file's identity has to tell.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
