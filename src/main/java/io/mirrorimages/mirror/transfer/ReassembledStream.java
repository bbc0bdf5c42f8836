package io.mirrorimages.mirror.transfer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.BulkInputStream;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.mirror.ByteRanges;
import io.mirrorimages.mirror.port.RandomAccessBlob;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;

/**
 * A blob's bytes from the first to the last, read back from where they are put in any order: waits
 * until the next ones are there. Read by one thread; the rest is thread-safe.
 */
final class ReassembledStream extends BulkInputStream {
  private final Descriptor blob;
  private final RandomAccessBlob place;

  @GuardedBy("this")
  private final ByteRanges there;

  private long position;

  @GuardedBy("this")
  private long added;

  @GuardedBy("this")
  private boolean givenUp;

  /** {@code there} have been put there before. */
  ReassembledStream(Descriptor blob, RandomAccessBlob place, ByteRanges there) {
    this.blob = blob;
    this.place = place;
    this.there = there;
  }

  /** These bytes are there now. */
  synchronized void add(long from, long to) {
    there.add(from, to);
    added += to - from;
    notifyAll();
  }

  /** How many bytes were added. */
  synchronized long added() {
    return added;
  }

  /** No more bytes will come; gives whether that is news. */
  synchronized boolean giveUp() {
    boolean news = !givenUp;
    givenUp = true;
    notifyAll();
    return news;
  }

  /** Whether no more bytes are wanted. */
  synchronized boolean isGivenUp() {
    return givenUp;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (position == blob.size()) {
      return -1;
    }
    int count = place.read(buffer, offset, (int) Math.min(length, await() - position), position);
    position += Math.max(0, count);
    return count;
  }

  private synchronized long await() throws IOException {
    try {
      while (!givenUp && there.endFrom(position) == position) {
        wait();
      }
    } catch (InterruptedException e) {
      throw Scheduler.interrupted();
    }
    if (givenUp) {
      throw new TransferException(
          FailureKind.NETWORK, "a part of " + blob.digest() + " did not come");
    }
    return there.endFrom(position);
  }
}
