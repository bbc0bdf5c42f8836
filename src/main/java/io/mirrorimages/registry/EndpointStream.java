package io.mirrorimages.registry;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.mirror.MirrorException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A blob's bytes from one of several endpoints, which remembers how it went: the next time the blob
 * is asked for, the others come first. Not thread-safe.
 */
final class EndpointStream extends InputStream {
  private final InputStream in;
  private final Descriptor blob;
  private final Candidate by;
  private final Strikes strikes;
  private final ServedBy record;
  private final Runnable atEnd;
  private boolean ended;

  /** {@code atEnd} is run when all has been read. */
  EndpointStream(
      InputStream in,
      Descriptor blob,
      Candidate by,
      Strikes strikes,
      ServedBy record,
      Runnable atEnd) {
    this.atEnd = atEnd;
    this.in = in;
    this.blob = blob;
    this.by = by;
    this.strikes = strikes;
    this.record = record;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      int count = in.read(buffer, offset, length);
      if (count < 0 && !ended) {
        ended = true;
        atEnd.run();
      }
      return count;
    } catch (MirrorException e) {
      strikes.brokeOff(blob.digest(), by);
      record.refused(blob.digest().toString(), by, "broke off: " + e.getMessage());
      by.health().brokeOff();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
