package io.mirrorimages.registry.upload;

import io.mirrorimages.image.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What follows the first bytes of a content that was rewound. These are read over only when the
 * next one is wanted, so a sender that waits holds no connection to its source. Used by one thread.
 */
final class Remainder extends BulkInputStream {
  private final InputStream content;
  private final long skipped;
  private boolean begun;

  /** Closing it closes nothing. */
  Remainder(InputStream content, long skipped) {
    this.content = content;
    this.skipped = skipped;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (!begun) {
      content.skipNBytes(skipped);
      begun = true;
    }
    return content.read(buffer, offset, length);
  }

  @Override
  public boolean markSupported() {
    return content.markSupported();
  }

  /** Goes back to where it begins: the content is marked before what is skipped. */
  @Override
  public void reset() throws IOException {
    content.reset();
    begun = false;
  }
}
