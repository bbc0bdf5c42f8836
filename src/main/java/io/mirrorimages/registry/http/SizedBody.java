package io.mirrorimages.registry.http;

import io.mirrorimages.registry.http.wire.ContentException;
import io.mirrorimages.registry.http.wire.ExchangeWatch;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/**
 * A stream of known length as a request's body. Keeps apart what failed, the reading (a {@link
 * ContentException}) or the sending, and never ends a body early as if it were whole.
 */
final class SizedBody extends AbstractHttpEntity {
  private static final int BUFFER = 128 * 1024;
  private static final int PIECE_WHEN_SLOW = 8 * 1024;
  private static final long SLOW = Duration.ofMillis(100).toNanos();

  private final Request.Once body;
  private final ExchangeWatch watch;
  private final byte[] buffer;
  private int first;
  private long consumed;
  private boolean slow;

  /**
   * @param watch times the sending; it does not count waits for the content
   */
  SizedBody(Request.Once body, String type, ExchangeWatch watch) {
    super(type, null, false);
    this.body = body;
    this.watch = watch;
    this.buffer = new byte[Math.clamp(body.length(), 1, BUFFER)];
  }

  /**
   * Waits for the content's first bytes. A server closes a connection on which a request does not
   * come, so it is taken only then.
   */
  void prepare() throws ContentException {
    if (first == 0 && body.length() > 0) {
      first = read(buffer.length);
    }
  }

  /** Whether more than its first piece, or all of it, has been given to a connection. */
  boolean isUnderWay() {
    return consumed > first || consumed == body.length();
  }

  /** Goes back to its begin; false if that can't be done. */
  boolean rewind() throws ContentException {
    if (consumed == first) {
      return true;
    }
    if (!body.content().markSupported()) {
      return false;
    }
    try {
      body.rewind();
    } catch (IOException e) {
      throw new ContentException(e);
    }
    first = 0;
    consumed = 0;
    prepare();
    return true;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    prepare();
    write(out, first);
    for (long left = body.length() - first; left > 0; ) {
      int count = read((int) Math.min(buffer.length, left));
      write(out, count);
      left -= count;
    }
  }

  /** In small pieces where it is slow, so that it shows that some of it gets through. */
  private void write(OutputStream out, int count) throws IOException {
    for (int at = 0; at < count; ) {
      int piece = Math.min(slow ? PIECE_WHEN_SLOW : BUFFER, count - at);
      long began = System.nanoTime();
      watch.waiting();
      out.write(buffer, at, piece);
      if (slow) {
        out.flush();
      }
      watch.moved(piece);
      slow = System.nanoTime() - began > SLOW;
      at += piece;
    }
  }

  private int read(int length) throws ContentException {
    try {
      int count = body.content().read(buffer, 0, length);
      if (count < 0) {
        throw new EOFException(
            "the content ended after " + consumed + " of " + body.length() + " bytes");
      }
      consumed += count;
      return count;
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  @Override
  public InputStream getContent() {
    return body.content();
  }

  @Override
  public long getContentLength() {
    return body.length();
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public boolean isStreaming() {
    return true;
  }

  @Override
  public void close() {}
}
