package io.mirrorimages.registry.upload;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ResumableUpload;
import io.mirrorimages.registry.upload.ChunkSession.StepOutcome;
import io.mirrorimages.state.OpenUpload;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * An upload in chunks, ended by an empty PUT: never with bytes in the PUT, since Harbor takes their
 * number for the blob's size. After each chunk it is noted where the upload goes on, so that a
 * later run can. A registry that takes no chunks gets the one PUT; one that lost the session gets
 * the blob again from its beginning.
 */
final class ChunkedUpload implements BlobUpload, ResumableUpload {
  private final UploadCalls calls;
  private final UploadPolicy policy;
  private final Descriptor blob;
  private Optional<UploadCalls.Session> unused;
  private Optional<UploadCalls.Session> origin = Optional.empty();
  private Optional<ChunkSession> session = Optional.empty();
  private long most = Long.MAX_VALUE;

  /**
   * Makes no request yet.
   *
   * @param unused a session that a refused mount began
   */
  ChunkedUpload(UploadCalls calls, UploadPolicy policy, Optional<UploadCalls.Session> unused) {
    this.calls = calls;
    this.policy = policy;
    this.blob = calls.blob();
    this.unused = unused;
  }

  @Override
  public boolean mounted() {
    return false;
  }

  /** What the registry says itself of an upload that was noted; the note alone counts nothing. */
  @Override
  public long kept() throws IOException {
    Optional<OpenUpload> noted = policy.open().find(calls.repository(), blob.digest());
    if (noted.isEmpty()) {
      return 0;
    }
    session = ChunkSession.find(calls, noted.get());
    if (session.isEmpty()) {
      forget();
      return 0;
    }
    return session.get().offset();
  }

  /** Registries do not show a blob before it is whole. */
  @Override
  public Optional<InputStream> keptBytes() {
    return Optional.empty();
  }

  @Override
  public void send(InputStream content) throws IOException {
    ChunkSession chunks = session.isPresent() ? session.get() : begin();
    while (chunks.offset() < blob.size()) {
      if (!sendNext(chunks, content)) {
        sendWhole(content);
        return;
      }
    }
    try (UploadRequests.RunningRequest request = policy.requests().begin(0)) {
      check(chunks.finish(), chunks);
      request.taken();
      forget();
    }
    session = Optional.empty();
  }

  /**
   * Sends a chunk, and notes that it is there.
   *
   * @return false if the registry takes none
   */
  private boolean sendNext(ChunkSession chunks, InputStream content) throws IOException {
    long start = chunks.offset();
    boolean first = start == 0;
    long bytes = size(chunks);
    try (UploadRequests.RunningRequest request = policy.requests().begin(bytes)) {
      content.mark(Integer.MAX_VALUE);
      StepOutcome outcome;
      try {
        outcome = chunks.send(content, () -> start + Math.min(bytes, size(chunks)));
      } catch (TransferException e) {
        if (!first || !chunks.isRefused() || e.reason() == FailureKind.QUOTA) {
          throw e;
        }
        // Whatever it has against chunks, it may take the blob in one piece.
        outcome = StepOutcome.UNWANTED;
      }
      if (outcome != StepOutcome.DONE) {
        // What is said to the registry now may have to wait, and nothing is read meanwhile.
        content.reset();
      }
      if (first && outcome == StepOutcome.UNWANTED) {
        return false;
      }
      if (outcome == StepOutcome.TOO_LARGE && policy.tooLarge(calls.repository(), bytes)) {
        return true;
      }
      if (outcome == StepOutcome.LOST && goesSmaller(bytes, chunks)) {
        throw lost(chunks, "it begins again").afterOutage();
      }
      check(outcome, chunks);
      if (chunks.offset() == start + bytes) {
        request.taken();
      }
      policy.open().note(calls.repository(), blob.digest(), chunks.note());
      return true;
    }
  }

  private boolean goesSmaller(long bytes, ChunkSession chunks) throws IOException {
    return policy.goesSmaller(
        calls.repository(), bytes, chunks.leastChunk(), calls.client().mostPerRequest());
  }

  private ChunkSession begin() throws IOException {
    UploadCalls.Session begun = unused.isPresent() ? unused.get() : calls.begin();
    unused = Optional.empty();
    origin = Optional.of(begun);
    ChunkSession chunks = new ChunkSession(calls, begun);
    session = Optional.of(chunks);
    return chunks;
  }

  /**
   * How many bytes the next chunk has. A line that has become better is tried by other sessions:
   * here it could cost all that was sent.
   */
  private long size(ChunkSession chunks) throws IOException {
    most = Math.min(most, calls.client().mostPerRequest());
    long chunk = policy.chunk(calls.repository(), chunks.leastChunk(), most);
    return Math.min(blob.size() - chunks.offset(), chunk);
  }

  private void check(StepOutcome outcome, ChunkSession chunks) throws IOException {
    switch (outcome) {
      case DONE -> {}
      case CONTENT_FAILED, TOO_LARGE -> throw chunks.failure();
      case DAMAGED, LOST -> {
        boolean contradicted = chunks.isContradicted();
        discard();
        if (contradicted) {
          policy.noChunksAt(calls.repository());
          throw again(
              calls.client().registry()
                  + " contradicts itself about the chunks of "
                  + calls.name()
                  + ": it is sent in one piece");
        }
        if (outcome == StepOutcome.LOST) {
          throw lost(chunks, calls.client().mostPerRequest());
        }
        throw new DamagedBlobException(blob, String.valueOf(chunks.failure().getMessage()));
      }
      case UNWANTED -> {
        policy.noChunksAt(calls.repository());
        discard();
        throw again(String.valueOf(chunks.failure().getMessage()));
      }
    }
  }

  /** Why it is worth no smaller requests: the line takes no larger ones than {@code most}. */
  private TransferException lost(ChunkSession chunks, long most) {
    return lost(
        chunks,
        most == Long.MAX_VALUE
            ? "it begins again"
            : "connections to it break in requests of "
                + most / 1024
                + " KiB; a proxy or firewall on the way may limit what one carries");
  }

  private TransferException lost(ChunkSession chunks, String then) {
    discard();
    origin.ifPresent(begun -> policy.lost(begun, calls.repository()));
    return again(
        calls.client().registry()
            + " has lost the upload of "
            + calls.name()
            + " at byte "
            + chunks.offset()
            + ": "
            + then);
  }

  /** A failure after which the whole blob is worth another try. */
  private static TransferException again(String message) {
    return TransferException.passing(FailureKind.NETWORK, message, null, Optional.empty());
  }

  private void sendWhole(InputStream content) throws IOException {
    policy.noChunksAt(calls.repository());
    discard();
    try (SessionUpload whole = new SessionUpload(calls, policy, calls.begin())) {
      whole.send(content);
    }
  }

  private void forget() {
    policy.open().forget(calls.repository(), blob.digest());
  }

  @Override
  public void discard() {
    forget();
    session.ifPresent(ChunkSession::cancel);
    session = Optional.empty();
  }

  /** Leaves a session that has something for a later run. */
  @Override
  public void close() {
    session.filter(chunks -> chunks.offset() == 0).ifPresent(ChunkSession::cancel);
    session = Optional.empty();
    unused.ifPresent(left -> calls.cancel(left.location()));
    unused = Optional.empty();
  }
}
