package io.mirrorimages.image;

import java.io.IOException;
import java.io.InputStream;

/** A stream that is read by the buffer; one byte is a buffer of one. */
public abstract class BulkInputStream extends InputStream {
  /** Nothing is open yet. */
  protected BulkInputStream() {}

  /** The next byte, or -1 at the end. */
  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] buffer, int offset, int length) throws IOException;
}
