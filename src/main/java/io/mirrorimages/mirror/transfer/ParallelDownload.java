package io.mirrorimages.mirror.transfer;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ByteRanges;
import io.mirrorimages.mirror.ByteRanges.Range;
import io.mirrorimages.mirror.ParallelDownloadPolicy;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.BlobPart;
import io.mirrorimages.mirror.port.RandomAccessBlob;
import io.mirrorimages.mirror.port.RangeSource;
import io.mirrorimages.mirror.stream.ResumingStream;
import io.mirrorimages.mirror.stream.VerifyingStream;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way in several parts at once, each put where it belongs. The parts are taken in
 * their order, and one thread more hashes the blob from its first byte to its last, right behind
 * them: it reads back what has arrived, which is still in the system's memory, so the digest is
 * known when the last part is there, no part waits for another, and none is held in memory here.
 *
 * <p>A part that breaks off is continued at its byte, at any endpoint that sends parts, with the
 * tries that a whole blob has. No part waits for anything while it has its place at a host.
 */
final class ParallelDownload {
  private static final int BUFFER = 256 * 1024;

  private final RangeSource source;
  private final Repository from;
  private final Descriptor blob;
  private final RandomAccessBlob place;
  private final Retries retries;
  private final RunListener listener;
  private final boolean resumed;
  private final Queue<Range> parts;
  private final ReassembledStream arrived;
  private volatile boolean refused;

  ParallelDownload(
      RangeSource source,
      Repository from,
      Descriptor blob,
      RandomAccessBlob place,
      ParallelDownloadPolicy segments,
      Retries retries,
      RunListener listener) {
    this.source = source;
    this.from = from;
    this.blob = blob;
    this.place = place;
    this.retries = retries;
    this.listener = listener;
    ByteRanges kept = place.kept();
    this.resumed = kept.bytes() > 0;
    this.parts = new ConcurrentLinkedQueue<>(segments.cut(blob, kept));
    this.arrived = new ReassembledStream(blob, place, kept);
  }

  /** Whether some of the bytes came in an earlier run. */
  boolean isResumed() {
    return resumed;
  }

  /** Whether one stream to the blob's end would bring the same. */
  boolean isOneStream() {
    return parts.isEmpty() || (parts.size() == 1 && parts.element().to() == blob.size());
  }

  /** Asks for the first part; as {@link RangeSource#part}. */
  Optional<BlobPart> first() throws IOException {
    Range part = parts.element();
    try {
      return retries.call(() -> source.part(from, blob, part.from(), part.to()));
    } catch (IOException e) {
      throw Retries.spent(e);
    }
  }

  /**
   * Fetches all parts, {@code atOnce} at a time, and verifies the whole.
   *
   * @param first the first part's content, which is closed here
   * @return whether that was done; if not, it is because nobody sends a further part, and what came
   *     is kept
   */
  boolean fetch(InputStream first, int atOnce, Scheduler scheduler) throws IOException {
    int lanes = Math.min(atOnce, parts.size());
    RangeDownload begun = copy(parts.remove());
    List<RangeTask> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          carryOut(() -> begun.run(first));
          fetchRest();
        });
    tasks.add(this::verify);
    tasks.addAll(Collections.nCopies(lanes - 1, this::fetchRest));
    try {
      scheduler.together(tasks, RangeTask::run);
    } catch (IOException e) {
      if (refused) {
        return false;
      }
      throw e;
    } finally {
      if (!begun.isBegun()) {
        first.close();
      }
    }
    place.complete();
    return true;
  }

  /** How many bytes have been fetched. */
  long moved() {
    return arrived.added();
  }

  /** What one thread does. */
  private interface RangeTask {
    void run() throws IOException;
  }

  private void fetchRest() throws IOException {
    for (Range part = next(); part != null; part = next()) {
      carryOut(copy(part)::run);
    }
  }

  private @Nullable Range next() {
    return arrived.isGivenUp() ? null : parts.poll();
  }

  private RangeDownload copy(Range part) {
    return new RangeDownload(
        part,
        new ResumingStream(
            position -> open(position, part.to()), blob, part.to(), retries, listener),
        place,
        arrived);
  }

  /** Does what the others need; they need not go on if it fails. */
  private void carryOut(RangeTask task) throws IOException {
    try {
      task.run();
    } catch (IOException | RuntimeException | Error e) {
      if (arrived.giveUp()) {
        throw e;
      }
      // Another one said why.
    }
  }

  private void verify() throws IOException {
    carryOut(
        () -> {
          byte[] buffer = new byte[BUFFER];
          try (VerifyingStream content = new VerifyingStream(arrived, blob)) {
            while (content.read(buffer, 0, buffer.length) >= 0) {
              // All that is wanted is that it does not fail.
            }
          }
        });
  }

  private InputStream open(long at, long to) throws IOException {
    if (arrived.isGivenUp()) {
      throw new TransferException(
          FailureKind.NETWORK, "no part of " + blob.digest() + " is wanted now");
    }
    Optional<BlobPart> part = source.part(from, blob, at, to);
    if (part.isPresent() && part.get().end() <= to) {
      return part.get().content();
    }
    if (part.isPresent()) {
      // All of the blob, where the first part was asked for anew: what came of it is not wasted.
      part.get().content().close();
    }
    refused = true;
    throw new TransferException(FailureKind.NETWORK, "nobody sends a part of " + blob.digest());
  }
}
