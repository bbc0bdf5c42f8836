package io.mirrorimages.registry.endpoint;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.mirror.event.RepeatedBytes;
import io.mirrorimages.registry.limit.time.ThrottledException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A blob's bytes from one of several endpoints, which remembers how it went: the next time the blob
 * is asked for, the others come first. An endpoint whose limits would make the rest wait for long
 * is left for another one, from the byte where it stopped. Not thread-safe.
 */
final class EndpointStream extends BulkInputStream implements RepeatedBytes {
  private final Opening elsewhere;
  private final Descriptor blob;
  private final ResolvedEndpoint by;
  private final EndpointPenalties strikes;
  private final EndpointUsage record;
  private final Runnable atEnd;
  private InputStream in;
  private long position;
  private boolean ended;
  private boolean left;

  /** A way to get at the rest of what was asked for. */
  interface Opening {
    /** From wherever it is to be had. */
    InputStream from(long offset) throws IOException;
  }

  /**
   * @param in the bytes from {@code offset} on
   * @param elsewhere how the rest is got at when it is not worth waiting for here
   * @param atEnd run when all has been read from here
   */
  EndpointStream(
      InputStream in,
      long offset,
      Opening elsewhere,
      Descriptor blob,
      ResolvedEndpoint by,
      EndpointPenalties strikes,
      EndpointUsage record,
      Runnable atEnd) {
    this.atEnd = atEnd;
    this.in = in;
    this.position = offset;
    this.elsewhere = elsewhere;
    this.blob = blob;
    this.by = by;
    this.strikes = strikes;
    this.record = record;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      int count = in.read(buffer, offset, length);
      position += Math.max(0, count);
      if (count < 0 && !ended && !left) {
        ended = true;
        atEnd.run();
      }
      return count;
    } catch (ThrottledException e) {
      left = true;
      in.close();
      in = elsewhere.from(position);
      return read(buffer, offset, length);
    } catch (TransferException e) {
      if (left) {
        throw e;
      }
      strikes.brokeOff(blob.digest(), by);
      record.refused(blob.digest().toString(), by, "broke off: " + e.getMessage());
      by.health().brokeOff();
      throw e;
    }
  }

  @Override
  public long repeatedBytes() {
    return RepeatedBytes.of(in);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
