package io.mirrorimages.archive.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.disk.Fsync;
import io.mirrorimages.disk.OwnFiles;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One open file, read and written by position by any number of threads.
 *
 * <p>The JDK closes a {@link FileChannel} under everybody when one thread that uses it is
 * interrupted, as happens to a cancelled download. The others then open it again and go on; the
 * interrupted one gets an {@link InterruptedIOException}, unless it writes.
 */
public class PositionalFile implements Closeable {
  @GuardedBy("this")
  private Path path;

  private final boolean writable;

  @GuardedBy("this")
  private FileChannel channel;

  @GuardedBy("this")
  private boolean closed;

  PositionalFile(Path path, boolean writable) throws IOException {
    this.path = path;
    this.writable = writable;
    this.channel =
        writable
            ? open(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : open(StandardOpenOption.READ);
  }

  /** Opens a file that exists; the caller closes it. */
  public static PositionalFile forReading(Path path) throws IOException {
    return new PositionalFile(path, false);
  }

  /**
   * Creates or opens a file for this process alone, as {@link OwnFiles#open}; empties nothing.
   *
   * @throws OverlappingFileLockException if this or another process writes it already
   */
  public static PositionalFile forWriting(Path path) throws IOException {
    return new PositionalFile(path, true);
  }

  /** Is told that the file has another name now. */
  synchronized void renamed(Path name) {
    path = name;
  }

  private synchronized Path name() {
    return path;
  }

  /** How many bytes it has now. */
  public long size() throws IOException {
    return run(FileChannel::size);
  }

  /** Reads up to {@code length} bytes, at least one; -1 at the end of the file. */
  public int read(byte[] buffer, int offset, int length, long position) throws IOException {
    return run(c -> c.read(ByteBuffer.wrap(buffer, offset, length), position));
  }

  /** Reads exactly {@code length} bytes; {@link EOFException} if the file ends before. */
  public byte[] readFully(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    int read = 0;
    while (read < length) {
      int n = read(bytes, read, length - read, position + read);
      if (n < 0) {
        throw new EOFException(name() + " ends at byte " + (position + read));
      }
      read += n;
    }
    return bytes;
  }

  /**
   * Writes all {@code length} bytes, also if the thread is interrupted, which it stays: a stop ends
   * downloads by interrupting them, and what came before it is not to be fetched again.
   */
  void write(byte[] buffer, int length, long position) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (!writeOnce(buffer, length, position)) {
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether no interrupt came. */
  private boolean writeOnce(byte[] buffer, int length, long position) throws IOException {
    try {
      return run(
          c -> {
            ByteBuffer left = ByteBuffer.wrap(buffer, 0, length);
            while (left.hasRemaining()) {
              c.write(left, position + left.position());
            }
            return true;
          });
    } catch (InterruptedIOException e) {
      return false;
    }
  }

  void truncate(long size) throws IOException {
    run(c -> c.truncate(size));
  }

  /** Returns when everything written is on the disk. */
  void force() throws IOException {
    force(true);
  }

  /** As {@link #force}, without what the file system knows of the file, such as its times. */
  void forceContent() throws IOException {
    force(false);
  }

  private void force(boolean metadata) throws IOException {
    run(
        c -> {
          Fsync.force(c, metadata);
          return true;
        });
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }

  @GuardedBy("this")
  private FileChannel open(OpenOption... options) throws IOException {
    FileChannel opened = writable ? OwnFiles.open(path, options) : FileChannel.open(path, options);
    try {
      if (writable) {
        lock(opened);
      }
    } catch (OverlappingFileLockException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  private static void lock(FileChannel channel) {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (IOException e) {
      // Some network file systems have no locks; that is no reason not to write there.
      return;
    }
    if (lock == null) {
      throw new OverlappingFileLockException();
    }
  }

  private <T> T run(Operation<T> operation) throws IOException {
    while (true) {
      try {
        return operation.on(current());
      } catch (ClosedByInterruptException e) {
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(e);
        throw interrupted;
      } catch (ClosedChannelException e) {
        // Another thread's interrupt, if it was not close(); current() tells.
      }
    }
  }

  private synchronized FileChannel current() throws IOException {
    if (closed) {
      throw new IOException(path + " is closed");
    }
    if (!channel.isOpen()) {
      channel =
          writable
              ? open(StandardOpenOption.READ, StandardOpenOption.WRITE)
              : open(StandardOpenOption.READ);
    }
    return channel;
  }

  @FunctionalInterface
  private interface Operation<T> {
    T on(FileChannel channel) throws IOException;
  }
}
