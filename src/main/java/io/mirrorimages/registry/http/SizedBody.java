package io.mirrorimages.registry.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/**
 * A stream of known length as a request's body. Keeps apart what failed, the reading or the
 * sending, and never ends a body early as if it were whole.
 */
final class SizedBody extends AbstractHttpEntity {
  private static final int BUFFER = 128 * 1024;

  private final Call.Once body;
  private IOException readFailure;
  private volatile long written;
  private volatile boolean writing;

  SizedBody(Call.Once body) {
    super("application/octet-stream", null, false);
    this.body = body;
  }

  /** Why the content could not be read, if that is what broke the request. */
  Optional<IOException> readFailure() {
    return Optional.ofNullable(readFailure);
  }

  /** How many bytes the connection has taken. */
  long written() {
    return written;
  }

  /** Whether the connection is being waited for, and not the content. */
  boolean isWriting() {
    return writing;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, body.length()))];
    long left = body.length();
    while (left > 0) {
      int count = read(buffer, (int) Math.min(buffer.length, left));
      writing = true;
      out.write(buffer, 0, count);
      writing = false;
      left -= count;
      written = body.length() - left;
    }
  }

  private int read(byte[] buffer, int length) throws IOException {
    try {
      int count = body.content().read(buffer, 0, length);
      if (count < 0) {
        throw new EOFException(
            "the content ended after " + written + " of " + body.length() + " bytes");
      }
      return count;
    } catch (IOException e) {
      readFailure = e;
      throw e;
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
