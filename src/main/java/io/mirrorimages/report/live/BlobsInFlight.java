package io.mirrorimages.report.live;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.event.RunEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The blobs that are being moved, and how much of all blobs is done. Thread-safe. */
final class BlobsInFlight {
  private final Map<Digest, Moving> moving = new ConcurrentHashMap<>();
  private final Set<Digest> arrived = ConcurrentHashMap.newKeySet();
  private final LongAdder read = new LongAdder();
  private final LongAdder done = new LongAdder();

  /** A blob and what was read of it; read again from its beginning, it counts from there. */
  static final class Moving {
    private final Repository target;
    private final long size;
    private final AtomicLong first = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong bytes = new AtomicLong();

    private Moving(Repository target, long size) {
      this.target = target;
      this.size = size;
    }

    Repository target() {
      return target;
    }

    long size() {
      return size;
    }

    /** How many bytes are done; those before the first that was read were there. */
    long done() {
      long before = first.get();
      return before == Long.MAX_VALUE ? 0 : Math.min(size, before + bytes.get());
    }

    /** How many of them came in this run. */
    private long fresh() {
      return Math.min(all(), bytes.get());
    }

    /** How many are to come in this run. */
    private long all() {
      long before = first.get();
      return before == Long.MAX_VALUE ? size : size - before;
    }

    private void add(long position, long count) {
      if (position == 0 && bytes.get() > 0) {
        bytes.set(0);
      }
      first.accumulateAndGet(position, Math::min);
      bytes.addAndGet(count);
    }
  }

  void started(RunEvent.BlobStarted start) {
    moving.put(start.blob().digest(), new Moving(start.target(), start.blob().size()));
  }

  void read(RunEvent.BlobRead bytes) {
    read.add(bytes.bytes());
    Moving blob = moving.get(bytes.blob());
    if (blob != null) {
      blob.add(bytes.position(), bytes.bytes());
    }
  }

  /**
   * Moves the blob from one sum to the other in one step, so that {@link #done} never misses it.
   */
  synchronized void ended(RunEvent.BlobEnded end) {
    Moving blob = moving.remove(end.blob().digest());
    // What is mounted was there, or came with another image.
    if (blob != null && end.arrived() && end.bytes() > 0 && arrived.add(end.blob().digest())) {
      done.add(blob.all());
    }
  }

  /** How many bytes were read, also those that were read twice. */
  long read() {
    return read.sum();
  }

  /** How many bytes of the plan are done, each counted once, without what earlier runs brought. */
  synchronized long done() {
    return done.sum() + moving.values().stream().mapToLong(Moving::fresh).sum();
  }

  /** Those of which bytes have come, the largest first. */
  List<Moving> largest(int most) {
    return moving.values().stream()
        .filter(blob -> blob.done() > 0)
        .sorted(Comparator.comparingLong(Moving::size).reversed())
        .limit(most)
        .toList();
  }
}
