package io.mirrorimages.registry;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.mirror.DamagedBlobException;
import io.mirrorimages.mirror.ImageTarget.BlobUpload;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.mirror.Retries;
import io.mirrorimages.mirror.Retries.Attempt;
import io.mirrorimages.state.OpenUpload;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An upload in chunks, ended by an empty PUT (distribution-spec, "Pushing a blob in chunks"): never
 * with bytes in the PUT, since Harbor takes their number for the blob's size. After each chunk it
 * is noted where the upload goes on, so that a later run can. A broken chunk is sent again from the
 * byte where the registry is, and the content rewound to it:
 *
 * <ul>
 *   <li>distribution 3 says how much of the chunk came;
 *   <li>distribution 2.8, and Harbor with it, and zot know only whole chunks. If any byte of a
 *       broken one came, 2.8 has no use for its session any more, and zot deletes it: 404, and the
 *       blob begins again.
 * </ul>
 *
 * Each chunk may use all the tries of the policy, as each read of a source does.
 */
final class ChunkedUpload implements BlobUpload {
  /** What registries answer that want the blob in one piece. */
  private static final Set<Integer> NO_CHUNKS = Set.of(400, 405, 411, 415, 416, 501);

  private enum Outcome {
    DONE,
    /** The registry has lost the session, or it is not where it must be. */
    LOST,
    /** The registry takes no chunks, or none of this size. */
    UNWANTED,
    CONTENT_FAILED,
    DAMAGED
  }

  private final UploadCalls calls;
  private final UploadPolicy policy;
  private final Descriptor blob;
  private Optional<UploadCalls.Session> unused;
  private Url location;
  private long chunk;
  private long offset;
  private boolean inDoubt;
  private IOException failure;

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
    Optional<Url> last = calls.location(noted.get().location());
    Optional<UploadCalls.Progress> there =
        last.isPresent() ? calls.status(last.get()) : Optional.empty();
    if (there.isEmpty() || there.get().offset() == 0) {
      policy.open().forget(calls.repository(), blob.digest());
      return 0;
    }
    chunk = policy.chunk(noted.get().chunk());
    goOn(there.get());
    return offset;
  }

  @Override
  public void send(InputStream content) throws IOException {
    if (location == null) {
      begin();
    }
    while (offset < blob.size()) {
      long start = offset;
      long end = Math.min(blob.size(), start + Math.min(chunk, blob.size()));
      content.mark(Integer.MAX_VALUE);
      Outcome outcome = retrying(() -> send(content, start, end));
      if (outcome == Outcome.UNWANTED && start == 0) {
        content.reset();
        sendWhole(content);
        return;
      }
      check(outcome);
      note();
    }
    check(retrying(this::finish));
    policy.open().forget(calls.repository(), blob.digest());
    location = null;
  }

  private void begin() throws IOException {
    UploadCalls.Session session = unused.isPresent() ? unused.get() : calls.begin();
    unused = Optional.empty();
    location = session.location();
    chunk = policy.chunk(session.leastChunk());
    offset = 0;
  }

  /** One try to bring the registry from byte {@code start} to byte {@code end}. */
  private Outcome send(InputStream content, long start, long end) throws IOException {
    try {
      boolean again = inDoubt;
      if (again && !catchUp(content, start, end)) {
        return Outcome.LOST;
      }
      // If all of it had arrived, only the answer was lost.
      return offset == end ? Outcome.DONE : patch(content, end, again);
    } catch (ContentException e) {
      failure = e.original();
      return Outcome.CONTENT_FAILED;
    }
  }

  /** Asks where the registry is within the chunk, and brings the content there. */
  private boolean catchUp(InputStream content, long start, long end) throws IOException {
    Optional<UploadCalls.Progress> there = calls.status(location);
    if (there.isEmpty() || there.get().offset() < start || there.get().offset() > end) {
      return false;
    }
    try {
      content.reset();
      content.skipNBytes(there.get().offset() - start);
    } catch (IOException e) {
      throw new ContentException(e);
    }
    goOn(there.get());
    return true;
  }

  private Outcome patch(InputStream content, long end, boolean again) throws IOException {
    inDoubt = true;
    try (Answer answer = calls.patch(location, content, offset, end - offset)) {
      if (!again && NO_CHUNKS.contains(answer.status())) {
        failure = calls.refusal(answer);
        return Outcome.UNWANTED;
      }
      if (!UploadCalls.isStored(answer)) {
        throw calls.refusal(answer);
      }
      answer.finish();
      OptionalLong there = UploadCalls.offset(answer);
      if (there.isPresent() && there.getAsLong() != end) {
        return Outcome.LOST;
      }
      goOn(new UploadCalls.Progress(calls.location(answer).orElse(location), end));
      return Outcome.DONE;
    }
  }

  private void goOn(UploadCalls.Progress there) {
    location = there.location();
    offset = there.offset();
    inDoubt = false;
  }

  private void note() {
    policy
        .open()
        .note(calls.repository(), blob.digest(), new OpenUpload(location.full(), offset, chunk));
  }

  /** One try to end the session. */
  private Outcome finish() throws IOException {
    int status = 0;
    try (Answer answer = calls.put(location, new Call.Nothing())) {
      status = answer.status();
      if (status == 400) {
        failure = Failures.of(answer, calls.name());
        return Outcome.DAMAGED;
      }
      if (!UploadCalls.isStored(answer)) {
        throw calls.refusal(answer);
      }
      answer.finish();
      return Outcome.DONE;
    } catch (IOException e) {
      if (!Retries.isTransient(e)) {
        throw e;
      }
      // The blob may be there and only the answer been lost, of this try or of the one before.
      if (calls.isThere(e)) {
        return Outcome.DONE;
      }
      if (status == 404 || status == 416) {
        return Outcome.LOST;
      }
      throw e;
    }
  }

  /** All tries for one step are made here: nobody above is to begin with them anew. */
  private Outcome retrying(Attempt<Outcome> step) throws IOException {
    try {
      return calls.client().retrying(step);
    } catch (MirrorException e) {
      throw e.isTransient() ? new MirrorException(e.reason(), e.getMessage(), e) : e;
    }
  }

  private void check(Outcome outcome) throws IOException {
    switch (outcome) {
      case DONE -> {}
      case CONTENT_FAILED -> throw failure;
      case DAMAGED -> {
        discard();
        throw new DamagedBlobException(blob, failure.getMessage());
      }
      case LOST -> {
        long reached = offset;
        discard();
        throw again(
            calls.client().registry()
                + " has lost the upload of "
                + calls.name()
                + " at byte "
                + reached
                + ": it begins again");
      }
      case UNWANTED -> {
        policy.noChunksAt(calls.repository());
        discard();
        throw again(failure.getMessage());
      }
    }
  }

  /** A failure after which the whole blob is worth another try. */
  private static MirrorException again(String message) {
    return MirrorException.passing(Reason.NETWORK, message, null, Optional.empty());
  }

  private void sendWhole(InputStream content) throws IOException {
    policy.noChunksAt(calls.repository());
    discard();
    try (SessionUpload whole = new SessionUpload(calls, calls.begin())) {
      whole.send(content);
    }
  }

  @Override
  public void discard() {
    policy.open().forget(calls.repository(), blob.digest());
    if (location != null) {
      calls.cancel(location);
    }
    location = null;
    offset = 0;
    inDoubt = false;
  }

  /** Leaves a session that has something for a later run. */
  @Override
  public void close() {
    if (location != null && offset == 0) {
      calls.cancel(location);
    }
    unused.ifPresent(session -> calls.cancel(session.location()));
    unused = Optional.empty();
    location = null;
  }
}
