package io.mirrorimages.mirror.transfer;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ParallelDownloadPolicy;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.BlobPart;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.LocalSource;
import io.mirrorimages.mirror.port.RandomAccessBlob;
import io.mirrorimages.mirror.port.RandomAccessUpload;
import io.mirrorimages.mirror.port.RangeSource;
import io.mirrorimages.mirror.port.ResumableUpload;
import io.mirrorimages.mirror.stream.ResumingStream;
import io.mirrorimages.mirror.stream.VerifyingStream;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * How a blob's bytes get from the source into an upload: in one stream, or, if it is large and both
 * sides can do that, in several parts at once. Thread-safe.
 */
final class BlobTransfer {
  private final ImageSource source;
  private final RangeSource ranges;
  private final Retries retries;
  private final RunListener listener;
  private final ParallelDownloadPolicy segments;
  private final Scheduler scheduler;

  /**
   * One that reports to nobody.
   *
   * @param scheduler gives the threads for parts
   */
  BlobTransfer(
      ImageSource source, Retries retries, ParallelDownloadPolicy segments, Scheduler scheduler) {
    this(source, retries, RunListener.NONE, segments, scheduler);
  }

  private BlobTransfer(
      ImageSource source,
      Retries retries,
      RunListener listener,
      ParallelDownloadPolicy segments,
      Scheduler scheduler) {
    this.source = source;
    this.ranges = RangeSource.of(source);
    this.retries = retries;
    this.listener = listener;
    this.segments = segments;
    this.scheduler = scheduler;
  }

  /** The same, reporting every byte read to {@code other}, also those that are read twice. */
  BlobTransfer reportingTo(RunListener other) {
    return new BlobTransfer(source, retries, other, segments, scheduler);
  }

  /** Sends what the target does not have of the blob; gives how many bytes were fetched for it. */
  long send(Repository from, Descriptor blob, BlobUpload upload) throws IOException {
    Optional<RandomAccessBlob> place =
        segments.suit(blob)
            ? upload.ability(RandomAccessUpload.class).map(RandomAccessUpload::place)
            : Optional.empty();
    if (place.isEmpty()) {
      return sendInOrder(from, blob, upload, Optional.empty());
    }
    ParallelDownload parts =
        new ParallelDownload(ranges, from, blob, place.get(), segments, retries, listener);
    if (parts.isOneStream()) {
      return sendInOrder(from, blob, upload, Optional.empty());
    }
    Optional<BlobPart> first = parts.first();
    if (first.isEmpty() || first.get().end() == blob.size()) {
      // Nobody sends parts: this is the whole blob, or its beginning is there already.
      return sendInOrder(from, blob, upload, first.map(BlobPart::content));
    }
    try {
      if (parts.fetch(first.get().content(), segments.atOnce(), scheduler)) {
        return parts.moved();
      }
    } catch (DamagedBlobException e) {
      ResumableUpload.of(upload).discard();
      ranges.wasDamaged(blob);
      if (!parts.isResumed()) {
        throw e;
      }
      // The fault may lie in what was kept: only now is it the source's turn, and no retry yet.
      return send(from, blob, upload);
    }
    return parts.moved() + sendInOrder(from, blob, upload, Optional.empty());
  }

  /**
   * Sends the blob, or what follows what the target kept of it, from the first byte to the last.
   *
   * @param whole all of it, if it was asked for already; closed here
   */
  private long sendInOrder(
      Repository from, Descriptor blob, BlobUpload upload, Optional<InputStream> whole)
      throws IOException {
    ResumingStream rest = new ResumingStream(source, from, blob, retries, listener);
    VerifyingStream content = new VerifyingStream(rest, blob);
    try (content) {
      if (whole.isPresent()) {
        rest.startAt(0, whole.get());
        upload.send(content);
        return blob.size();
      }
      long offset = resume(from, blob, upload, content);
      rest.startAt(offset);
      upload.send(content);
      return blob.size() - offset;
    } catch (DamagedBlobException e) {
      ResumableUpload.of(upload).discard();
      if (!content.isResumed()) {
        throw e;
      }
    }
    // As above.
    return send(from, blob, upload);
  }

  /**
   * Brings the hash to the byte where the target is, from what costs no line: the target's own
   * bytes, or a source on this machine. Where both are far, what the target has is not fetched
   * again only to be hashed: that would cost the line as much as no resuming at all. The proof is
   * then the target's, which hashes the whole before it takes it; and if it finds another digest,
   * all is sent again, hashed here from the first byte to the last.
   *
   * @return how many bytes the target has
   */
  private long resume(Repository from, Descriptor blob, BlobUpload upload, VerifyingStream content)
      throws IOException {
    ResumableUpload resumable = ResumableUpload.of(upload);
    long kept = resumable.kept();
    if (kept == 0) {
      return 0;
    }
    Optional<InputStream> bytes = resumable.keptBytes();
    if (bytes.isEmpty() && LocalSource.is(source)) {
      bytes = Optional.of(source.open(from, blob, 0));
    }
    if (bytes.isEmpty()) {
      content.resumeUnseen(kept);
      return kept;
    }
    try (InputStream in = bytes.get()) {
      content.resumeAfter(in, kept);
    }
    return kept;
  }
}
