package io.mirrorimages.registry.http.wire;

import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.ErrorWords;
import java.io.IOException;
import java.io.InputStream;

/** An answer's body, whose waits are watched. Whatever is wrong with it is an IOException. */
final class WatchedStream extends BulkInputStream {
  private final InputStream in;
  private final ExchangeWatch watch;

  WatchedStream(InputStream in, ExchangeWatch watch) {
    this.in = in;
    this.watch = watch;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = 0;
    watch.waiting();
    try {
      count = in.read(buffer, offset, length);
      return count;
    } catch (IOException | RuntimeException e) {
      if (watch.hasStruck()) {
        throw watch.failure(e);
      }
      throw e instanceof IOException io ? io : new IOException("no HTTP: " + ErrorWords.of(e), e);
    } finally {
      watch.moved(Math.max(0, count));
    }
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  /** Nothing: the answer is what is closed. */
  @Override
  public void close() {}
}
