package io.mirrorimages.registry.client;

import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.mirror.event.RepeatedBytes;
import io.mirrorimages.registry.limit.Limits;
import io.mirrorimages.registry.limit.Traffic;
import io.mirrorimages.registry.limit.time.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * A blob's bytes, which wait while the registry's budget of bytes is used up. No server holds a
 * connection for hours: before a long wait it is given up, and after it the blob is asked for from
 * the byte where it stopped, so that the wait costs no retry; or by the caller, if other endpoints
 * have it too. Where the server sends everything again instead, that would never come to an end:
 * its connection is held from then on. Not thread-safe.
 */
public final class PausableBlob extends BulkInputStream implements RepeatedBytes {
  private static final Duration LONGEST_HELD = Duration.ofSeconds(5);

  private final Opening opening;
  private final Limits limits;
  private InputStream in;
  private boolean continuable = true;
  private long position;
  private long end;
  private long repeated;

  /** Asks for a blob. */
  @FunctionalInterface
  interface Opening {
    /**
     * Its bytes from {@code offset} on, up to but not including {@code end}, and an error if there
     * are more or fewer.
     */
    Opened from(long offset, long end) throws IOException;
  }

  /**
   * A blob that was asked for.
   *
   * @param content its bytes
   * @param continued whether the server did not send more before them than was asked for
   * @param end the byte behind the last
   */
  record Opened(InputStream content, boolean continued, long end) {}

  /** The bytes from {@code offset} on, up to but not including {@code end}. */
  PausableBlob(Opening opening, Limits limits, long offset, long end) throws IOException {
    this.opening = opening;
    this.limits = limits;
    this.end = end;
    this.position = offset;
    open();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position < end) {
      await();
    }
    int count = in.read(buffer, offset, limits.traffic().allowed(length));
    position += Math.max(0, count);
    return count;
  }

  private void await() throws IOException {
    Traffic traffic = limits.traffic();
    if (continuable && traffic.timeToWait().compareTo(LONGEST_HELD) > 0) {
      in.close();
      in = InputStream.nullInputStream();
      limits.awaitTraffic(Optional.empty());
      open();
    } else {
      traffic.await(Timer.FOREVER);
    }
  }

  private void open() throws IOException {
    Opened opened = opening.from(position, end);
    in = opened.content();
    continuable = opened.continued();
    repeated = opened.continued() ? 0 : position;
    end = opened.end();
  }

  /** The byte behind the last that comes: more than was asked for where a server sends no parts. */
  public long end() {
    return end;
  }

  @Override
  public long repeatedBytes() {
    return repeated;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
