package io.mirrorimages.registry.limit.outage;

import io.mirrorimages.image.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;

/** One request that waits for a host: for its answer, or for it to take bytes. By one thread. */
public final class HostWait implements AutoCloseable {
  private final Outage host;
  private final String label;
  private final boolean slow;
  private boolean waiting;

  HostWait(Outage host, String label, boolean slow) {
    this.host = host;
    this.label = label;
    this.slow = slow;
    begin();
  }

  private void begin() {
    host.begun(label, slow);
    waiting = true;
  }

  /** The same content, while which is read the host need not be waited for. Not closed here. */
  public InputStream sending(InputStream content) {
    return new BulkInputStream() {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        host.took();
        close();
        try {
          return content.read(buffer, offset, length);
        } finally {
          begin();
        }
      }

      @Override
      public void close() {
        HostWait.this.close();
      }
    };
  }

  /** It waits no more. */
  @Override
  public void close() {
    if (waiting) {
      waiting = false;
      host.ended(slow);
    }
  }
}
