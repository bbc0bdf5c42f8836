package io.mirrorimages.mirror.engine;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.stream.ResumingStream;
import io.mirrorimages.mirror.stream.VerifyingStream;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The blobs of a place, each hashed once, however many images share it. Thread-safe. */
final class HashedBlobs {
  private static final int BUFFER = 128 * 1024;

  private final ImageSource place;
  private final Retries retries;
  private final Scheduler scheduler;
  private final Map<Digest, Hashed> hashed = new ConcurrentHashMap<>();

  /**
   * @param scheduler when it is stopped, hashing ends
   */
  HashedBlobs(ImageSource place, Retries retries, Scheduler scheduler) {
    this.place = place;
    this.retries = retries;
    this.scheduler = scheduler;
  }

  /**
   * Reads and hashes a blob, unless that was done before. The caller holds its digest.
   *
   * @param listener receives the bytes
   * @return the bytes that were hashed
   * @throws TransferException {@link FailureKind#CORRUPT}, each time, if they are not those of the
   *     digest
   */
  long check(Repository repository, Descriptor blob, RunListener listener) throws IOException {
    return hashed
        .computeIfAbsent(blob.digest(), d -> new Hashed())
        .check(repository, blob, listener);
  }

  /** What is known of one digest; guarded by holding that. */
  private final class Hashed {
    private boolean done;
    private @Nullable TransferException failure;

    long check(Repository repository, Descriptor blob, RunListener listener) throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (done) {
        return 0;
      }
      listener.on(new RunEvent.BlobStarted(blob, repository));
      try {
        hash(repository, blob, listener);
        done = true;
        return blob.size();
      } catch (DamagedBlobException e) {
        failure = new TransferException(FailureKind.CORRUPT, e.getMessage(), e);
        throw failure;
      } finally {
        listener.on(new RunEvent.BlobEnded(blob, repository, done ? blob.size() : 0, done));
      }
    }

    private void hash(Repository repository, Descriptor blob, RunListener listener)
        throws IOException {
      byte[] buffer = new byte[BUFFER];
      try (VerifyingStream content =
          new VerifyingStream(
              new ResumingStream(place, repository, blob, retries, listener), blob)) {
        while (content.read(buffer, 0, buffer.length) >= 0) {
          if (scheduler.isStopped()) {
            throw Scheduler.interrupted();
          }
        }
      }
    }
  }
}
