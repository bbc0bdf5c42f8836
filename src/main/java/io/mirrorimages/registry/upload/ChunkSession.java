package io.mirrorimages.registry.upload;

import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.Retries.Attempt;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.registry.http.Request;
import io.mirrorimages.registry.http.Response;
import io.mirrorimages.registry.http.Url;
import io.mirrorimages.registry.http.wire.ContentException;
import io.mirrorimages.state.OpenUpload;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An upload session on its way from chunk to chunk (distribution-spec, "Pushing a blob in chunks").
 * After a chunk that broke, the next one begins at the byte where the registry says it is, and the
 * content is rewound to it:
 *
 * <ul>
 *   <li>distribution 3 keeps what came of the chunk;
 *   <li>distribution 2.8, and Harbor with it, and zot know only whole chunks. If any byte of a
 *       broken one came, 2.8 has no use for its session any more, and zot deletes it: 404.
 * </ul>
 *
 * Each chunk, and the end, may use all the tries of the policy, as each read of a source does; no
 * caller retries on top of it. Used by one thread.
 */
final class ChunkSession {
  private final UploadCalls calls;
  private final long leastChunk;
  private Url location;
  private long offset;
  private long sentTo;
  private boolean inDoubt;
  private boolean contradicted;
  private boolean refused;
  private @Nullable IOException failure;

  /** How a step ended. */
  enum StepOutcome {
    DONE,
    /** The registry has no such session any more, or it is not where it must be. */
    LOST,
    /** The registry takes no chunks, or none of this size. */
    UNWANTED,
    /** The registry, or what stands before it, takes no request as large as that. */
    TOO_LARGE,
    /** The content could not be read. */
    CONTENT_FAILED,
    /** The registry has all bytes, and they are not those of the digest. */
    DAMAGED
  }

  /** A new one. */
  ChunkSession(UploadCalls calls, UploadCalls.Session session) {
    this(calls, session.leastChunk(), new UploadCalls.Received(session.location(), 0));
  }

  private ChunkSession(UploadCalls calls, long leastChunk, UploadCalls.Received there) {
    this.calls = calls;
    this.leastChunk = leastChunk;
    goOn(there);
  }

  /**
   * The one that was noted, at the byte that the registry itself says; empty if it has none, or
   * leaves any doubt.
   */
  static Optional<ChunkSession> find(UploadCalls calls, OpenUpload noted) throws IOException {
    Optional<Url> last = calls.location(noted.location());
    if (last.isEmpty()) {
      return Optional.empty();
    }
    return calls
        .client()
        .retrying(() -> calls.status(last.get()))
        .filter(there -> there.offset() > 0)
        .map(there -> new ChunkSession(calls, noted.leastChunk(), there));
  }

  /** How many bytes the registry has confirmed. */
  long offset() {
    return offset;
  }

  /** The fewest bytes a chunk may have, but for the last. */
  long leastChunk() {
    return leastChunk;
  }

  /** What another run needs to go on. */
  OpenUpload note() {
    return new OpenUpload(location.full(), offset, leastChunk);
  }

  /** Whether the registry said of chunks that it took that it is at another byte. */
  boolean isContradicted() {
    return contradicted;
  }

  /** Whether the last try of the last step ended with an answer, and that was a refusal. */
  boolean isRefused() {
    return refused;
  }

  /** Why the last step did not end well, where there is an exception for it. */
  IOException failure() {
    return Objects.requireNonNull(failure);
  }

  /**
   * Sends the next chunk of the content; or, if it broke, as much of that as the registry kept.
   *
   * @param content marked at the byte {@link #offset}
   * @param end where the chunk ends, for each try anew
   */
  StepOutcome send(InputStream content, Attempt<Long> end) throws IOException {
    long start = offset;
    return retrying(() -> sendOnce(content, start, end));
  }

  /** Ends the upload: the registry has all bytes now, and says if they are the right ones. */
  StepOutcome finish() throws IOException {
    return retrying(this::finishOnce);
  }

  /** Gives it up. */
  void cancel() {
    calls.cancel(location);
  }

  private StepOutcome retrying(Attempt<StepOutcome> step) throws IOException {
    try {
      return calls.client().retrying(step);
    } catch (TransferException e) {
      throw e.isTransient() ? new TransferException(e.reason(), e.getMessage(), e) : e;
    }
  }

  private StepOutcome sendOnce(InputStream content, long start, Attempt<Long> end)
      throws IOException {
    try {
      boolean again = inDoubt;
      if (again && !catchUp(content, start)) {
        return StepOutcome.LOST;
      }
      if (offset > start) {
        // So much of it had arrived, if not all, and only the answer was lost.
        skip(content, offset - start);
        return StepOutcome.DONE;
      }
      return patch(content, end.run(), again);
    } catch (ContentException e) {
      failure = e.original();
      return StepOutcome.CONTENT_FAILED;
    }
  }

  /** Rewinds the content, and asks where the registry is within the chunk. */
  private boolean catchUp(InputStream content, long start) throws IOException {
    try {
      content.reset();
    } catch (IOException e) {
      throw new ContentException(e);
    }
    Optional<UploadCalls.Received> there = calls.status(location);
    if (there.isEmpty() || there.get().offset() < start || there.get().offset() > sentTo) {
      return false;
    }
    goOn(there.get());
    return true;
  }

  private static void skip(InputStream content, long bytes) throws ContentException {
    try {
      content.skipNBytes(bytes);
    } catch (IOException e) {
      throw new ContentException(e);
    }
  }

  private StepOutcome patch(InputStream content, long end, boolean again) throws IOException {
    inDoubt = true;
    refused = false;
    sentTo = end;
    try (Response answer = calls.patch(location, content, offset, end - offset)) {
      refused = !UploadCalls.isStored(answer);
      if (answer.status() == 413) {
        failure = calls.refusal(answer);
        return StepOutcome.TOO_LARGE;
      }
      if (!again && UploadCalls.isUnwanted(answer)) {
        failure = calls.refusal(answer);
        return StepOutcome.UNWANTED;
      }
      if (!UploadCalls.isStored(answer)) {
        throw calls.refusal(answer);
      }
      answer.finish();
      // That it was taken is enough; the digest decides at the end. ECR names the first chunk's
      // last byte for all of them, zot did the chunk's own.
      OptionalLong there = UploadCalls.offset(answer);
      contradicted |= there.isPresent() && there.getAsLong() != end;
      goOn(new UploadCalls.Received(calls.location(answer).orElse(location), end));
      return StepOutcome.DONE;
    }
  }

  private void goOn(UploadCalls.Received there) {
    location = there.location();
    offset = there.offset();
    inDoubt = false;
  }

  private StepOutcome finishOnce() throws IOException {
    int status = 0;
    try (Response answer = calls.put(location, new Request.Nothing())) {
      status = answer.status();
      if (status == 400) {
        failure = calls.refusal(answer);
        return StepOutcome.DAMAGED;
      }
      if (!UploadCalls.isStored(answer)) {
        throw calls.refusal(answer);
      }
      answer.finish();
      return StepOutcome.DONE;
    } catch (IOException e) {
      if (!Retries.isTransient(e)) {
        throw e;
      }
      // The blob may be there and only the answer been lost, of this try or of the one before.
      if (calls.isThere(e)) {
        return StepOutcome.DONE;
      }
      if (status == 404 || status == 416) {
        return StepOutcome.LOST;
      }
      throw e;
    }
  }
}
