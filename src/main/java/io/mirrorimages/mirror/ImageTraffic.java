package io.mirrorimages.mirror;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes read for one image, and reports them to the run's listener. They count whether
 * or not their blob is finished; a byte that is read twice counts twice. Thread-safe.
 */
public final class ImageTraffic implements RunListener {
  private final RunListener listener;
  private final AtomicLong bytes = new AtomicLong();

  public ImageTraffic(RunListener listener) {
    this.listener = listener;
  }

  @Override
  public void moved(long count) {
    bytes.addAndGet(count);
    listener.moved(count);
  }

  /** How many there were so far. */
  public long bytes() {
    return bytes.get();
  }
}
