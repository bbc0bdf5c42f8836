package io.mirrorimages.lock;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  private final LockFile file;

  private RunLock(LockFile file) {
    this.file = file;
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
    LockFile taken = LockFile.take(file, false);
    if (!taken.isHeld()) {
      try (taken) {
        throw new LockedException(what, holder(taken.channel()));
      }
    }
    note(taken.channel());
    return new RunLock(taken);
  }

  private static void note(FileChannel channel) {
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(Holder.self().line().getBytes(StandardCharsets.UTF_8)), 0);
    } catch (IOException e) {
      // A full disk: the lock holds all the same, but does not say whose it is.
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

  /** Deletes the file, and gives the lock back. */
  @Override
  public void close() throws IOException {
    try (file) {
      file.delete();
    }
  }
}
