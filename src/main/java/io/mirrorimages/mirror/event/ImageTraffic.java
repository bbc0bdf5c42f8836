package io.mirrorimages.mirror.event;

import io.mirrorimages.mirror.ByteCounts;
import io.mirrorimages.mirror.Direction;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Counts the bytes of blobs for one image, and passes all events on. Bytes count whether or not
 * their blob is finished. Thread-safe.
 */
public final class ImageTraffic implements RunListener {
  private final RunListener listener;
  private final RunTraffic run;
  private final AtomicLong read = new AtomicLong();
  private final AtomicReference<ByteCounts> counts = new AtomicReference<>(ByteCounts.NONE);

  /** That of one image of the run that {@code listener} follows. */
  public ImageTraffic(RunListener listener, RunTraffic run) {
    this.listener = listener;
    this.run = run;
  }

  @Override
  public void on(RunEvent event) {
    listener.on(event);
    switch (event) {
      case RunEvent.BlobRead bytes -> moved(bytes);
      case RunEvent.BlobAdvanced advanced ->
          counts.updateAndGet(all -> all.plus(advanced.direction(), advanced.bytes()));
      default -> {
        // No bytes.
      }
    }
  }

  private void moved(RunEvent.BlobRead bytes) {
    read.addAndGet(bytes.bytes());
    if (run.lines().isEmpty()) {
      return;
    }
    long repeated = run.repeated(bytes);
    for (Direction line : run.lines()) {
      advance(bytes, line, bytes.bytes() - repeated);
    }
    advance(bytes, Direction.RETRANSMITTED, repeated * run.lines().size());
  }

  private void advance(RunEvent.BlobRead bytes, Direction direction, long count) {
    if (count > 0) {
      on(new RunEvent.BlobAdvanced(bytes.blob(), direction, count));
    }
  }

  /** How many bytes were read; one that is read twice counts twice. */
  public long bytes() {
    return read.get();
  }

  /** The same by the lines that they crossed. */
  public ByteCounts counts() {
    return Objects.requireNonNull(counts.get());
  }
}
