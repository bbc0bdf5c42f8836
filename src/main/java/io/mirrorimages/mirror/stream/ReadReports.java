package io.mirrorimages.mirror.stream;

import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.time.Duration;

/**
 * Reports the bytes that one stream reads, many reads as one {@link RunEvent.BlobRead}: at most ten
 * a second, and one for each 256 KiB. An event for each read of a few kilobytes costs more than the
 * read. Not thread-safe; {@link #flush} reports the rest, so that all bytes count once.
 */
final class ReadReports {
  private static final int MOST = 256 * 1024;
  private static final long BETWEEN = Duration.ofMillis(100).toNanos();

  private final Digest blob;
  private final RunListener listener;
  private long first;
  private int bytes;
  private long reported = System.nanoTime() - BETWEEN;

  ReadReports(Digest blob, RunListener listener) {
    this.blob = blob;
    this.listener = listener;
  }

  /**
   * Counts bytes that follow those of the last call, unless they were {@link #flush flushed}.
   *
   * @param position the first of them
   * @param count how many; 1 or more
   */
  void read(long position, int count) {
    if (bytes == 0) {
      first = position;
    }
    bytes += count;
    if (bytes >= MOST || System.nanoTime() - reported >= BETWEEN) {
      flush();
    }
  }

  /** Reports what is not reported yet. */
  void flush() {
    if (bytes > 0) {
      listener.on(new RunEvent.BlobRead(blob, first, bytes));
      bytes = 0;
      reported = System.nanoTime();
    }
  }
}
