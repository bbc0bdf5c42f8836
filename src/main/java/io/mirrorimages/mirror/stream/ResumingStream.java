package io.mirrorimages.mirror.stream;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.Direction;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A blob read from a source, opened again at the byte where its stream stopped: at once if the
 * source paused ({@link SourcePausedException}), and as the retry policy says if it failed. The one
 * place that decides to reopen. Each read may use all the tries of the policy; a connection that
 * brings anything at all thus gets to the end. It can be rewound to a mark, as far back as it may
 * lie. Not thread-safe.
 */
public final class ResumingStream extends BulkInputStream {
  private final Opening opening;
  private final Descriptor blob;
  private final long end;
  private final Optional<Retries> retries;
  private final RunListener listener;
  private final ReadReports reports;
  private @Nullable InputStream in;
  private long position;
  private long marked;

  public ResumingStream(
      ImageSource source,
      Repository repository,
      Descriptor blob,
      Retries retries,
      RunListener listener) {
    this(position -> source.open(repository, blob, position), blob, blob.size(), retries, listener);
  }

  /** The bytes of a blob up to, but not including, its byte {@code end}. */
  public ResumingStream(
      Opening opening, Descriptor blob, long end, Retries retries, RunListener listener) {
    this(opening, blob, end, Optional.of(retries), listener);
  }

  private ResumingStream(
      Opening opening, Descriptor blob, long end, Optional<Retries> retries, RunListener listener) {
    this.opening = opening;
    this.blob = blob;
    this.end = end;
    this.retries = retries;
    this.listener = listener;
    this.reports = new ReadReports(blob.digest(), listener);
  }

  /** The whole blob, opened again after a pause only: a failure is the caller's. */
  public static ResumingStream withoutRetries(
      ImageSource source, Repository repository, Descriptor blob) {
    return new ResumingStream(
        position -> source.open(repository, blob, position),
        blob,
        blob.size(),
        Optional.empty(),
        RunListener.NONE);
  }

  /** Asks the source. */
  @FunctionalInterface
  public interface Opening {
    /** The bytes from {@code position} on. */
    InputStream from(long position) throws IOException;
  }

  /** Begins the reading at byte {@code offset}; to be called before the first read. */
  public void startAt(long offset) {
    position = offset;
  }

  /** The same, where the source was asked already, for {@code open}, which is closed here. */
  public void startAt(long offset, InputStream open) {
    position = offset;
    in = open;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count;
    try {
      count = readOnce(buffer, offset, length);
    } catch (IOException e) {
      if (retries.isEmpty()) {
        throw e;
      }
      count = readAgain(retries.get(), e, buffer, offset, length);
    }
    if (count > 0) {
      reports.read(position, count);
      position += count;
    }
    if (count < 0 || position == end) {
      reports.flush();
    }
    return count;
  }

  private int readAgain(Retries policy, IOException first, byte[] buffer, int offset, int length)
      throws IOException {
    try {
      return policy.callAfter(first, () -> readOnce(buffer, offset, length));
    } catch (IOException e) {
      throw Retries.spent(e);
    }
  }

  private int readOnce(byte[] buffer, int offset, int length) throws IOException {
    while (true) {
      try {
        return readOpened(buffer, offset, length);
      } catch (SourcePausedException e) {
        // The rest can be opened now, here or at another endpoint.
      }
    }
  }

  private int readOpened(byte[] buffer, int offset, int length) throws IOException {
    if (position > 0 && position == end && in == null) {
      return -1;
    }
    try {
      if (in == null) {
        in = opening.from(position);
        noteRepeated(RepeatedBytes.of(in));
      }
      int count = in.read(buffer, offset, length);
      if (count < 0 && position < end) {
        throw new EOFException(
            "the connection ended after "
                + position
                + " of "
                + blob.size()
                + " bytes of "
                + blob.digest());
      }
      if (count < 0 && position > 0) {
        // What is still to be said to the target may take long, and others want the connection.
        close();
      }
      return count;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void noteRepeated(long bytes) {
    if (bytes > 0) {
      listener.on(new RunEvent.BlobAdvanced(blob.digest(), Direction.RETRANSMITTED, bytes));
    }
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  /** Remembers this byte; there is no limit to how far the reading may go on. */
  @Override
  public void mark(int readLimit) {
    marked = position;
  }

  /** Reads on from the marked byte, with a new connection. */
  @Override
  public void reset() {
    close();
    position = marked;
  }

  /**
   * Reports what was read, and closes the connection, if one is open; a failure to do so does not
   * matter, since all that is needed has been read.
   */
  @Override
  public void close() {
    reports.flush();
    InputStream open = in;
    in = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // The bytes that came are verified by their hash, whatever the connection says at its end.
      }
    }
  }
}
