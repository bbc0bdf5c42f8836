package io.mirrorimages.lock;

import io.mirrorimages.disk.OwnFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/**
 * A small file that one run at a time has locked, and that says which: a line with its process id,
 * its host, and since when. The lock is the operating system's, so it ends with the process however
 * that ends: a file that a killed process left does not block, and is overwritten. {@link #close}
 * deletes the file. Not to be interrupted while it is taken; otherwise thread-safe.
 *
 * <p>No other code of this process may open the file: on POSIX systems closing it once gives up the
 * lock.
 */
public final class RunLock implements Closeable {
  private static final int LONGEST_LINE = 512;

  /** More than any race takes: there are file systems whose files have no lasting identity. */
  private static final int MOST_TRIES = 100;

  /** The first byte of a file whose holder has ended in order; no holder's line begins with it. */
  private static final byte GIVEN_UP = '-';

  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock, without waiting for it. Where the file system has no locks, as some network
   * file systems, everybody gets it.
   *
   * @param file the lock's file; its folder exists
   * @param what the message for the second run, as {@code "a.tar is being written"}; followed by
   *     the holder
   * @throws LockedException if another run has it
   * @throws IOException if the file can't be made
   */
  public static RunLock take(Path file, String what) throws IOException {
    for (int tries = 1; ; tries++) {
      Optional<Object> before = identity(file);
      FileChannel channel =
          OwnFiles.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        if (!lock(channel)) {
          throw new LockedException(what, holder(channel));
        }
        // Its holder may have deleted it meanwhile: then later runs do not see this lock. Such a
        // file says so itself. Where a full disk kept it from that, its identity tells; but that
        // alone is not enough, since a new file may have the identity of a deleted one.
        boolean same = before.isPresent() && before.equals(identity(file)) && !givenUp(channel);
        if (same || tries == MOST_TRIES) {
          note(channel);
          return new RunLock(file, channel);
        }
        channel.close();
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }
  }

  private static boolean lock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
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

  private static void note(FileChannel channel) {
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(Holder.self().line().getBytes(StandardCharsets.UTF_8)), 0);
    } catch (IOException e) {
      // A full disk: the lock holds all the same, but does not say whose it is.
    }
  }

  private static boolean givenUp(FileChannel channel) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(1);
    return channel.read(first, 0) == 1 && first.get(0) == GIVEN_UP;
  }

  private void giveUp() {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {GIVEN_UP}), 0);
    } catch (IOException e) {
      // See take: the file's identity has to tell.
    }
  }

  private static Optional<Holder> holder(FileChannel channel) {
    ByteBuffer line = ByteBuffer.allocate(LONGEST_LINE);
    try {
      channel.read(line, 0);
    } catch (IOException e) {
      return Optional.empty();
    }
    return Holder.parse(new String(line.array(), 0, line.position(), StandardCharsets.UTF_8));
  }

  /**
   * Gives the lock back. First the file says that it is no longer the lock, then its name goes,
   * then the lock: no run gets only one of the two.
   */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (channel.isOpen()) {
        giveUp();
        Files.deleteIfExists(file);
      }
    }
  }
}
