package io.mirrorimages.mirror;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes read for one image, and passes all events on. Bytes count whether or not their
 * blob is finished; a byte that is read twice counts twice. Thread-safe.
 */
public final class ImageTraffic implements RunListener {
  private final RunListener listener;
  private final AtomicLong bytes = new AtomicLong();

  public ImageTraffic(RunListener listener) {
    this.listener = listener;
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.BlobRead read) {
      bytes.addAndGet(read.bytes());
    }
    listener.on(event);
  }

  /** How many there were so far. */
  public long bytes() {
    return bytes.get();
  }
}
