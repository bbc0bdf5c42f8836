package io.mirrorimages.mirror.engine;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.MirrorException;
import io.mirrorimages.failure.Reason;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.stream.ResumingStream;
import io.mirrorimages.mirror.stream.VerifyingStream;
import io.mirrorimages.mirror.work.Workers;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The blobs of a place, each hashed once, however many images share it. Thread-safe. */
final class HashedBlobs {
  private static final int BUFFER = 128 * 1024;

  private final ImageSource place;
  private final Retries retries;
  private final RunListener listener;
  private final Workers workers;
  private final Map<Digest, Hashed> hashed = new ConcurrentHashMap<>();

  /**
   * @param workers when they are stopped, hashing ends
   */
  HashedBlobs(ImageSource place, Retries retries, RunListener listener, Workers workers) {
    this.place = place;
    this.retries = retries;
    this.listener = listener;
    this.workers = workers;
  }

  /**
   * Reads and hashes a blob, unless that was done before.
   *
   * @return the bytes that were hashed
   * @throws MirrorException {@link Reason#CORRUPT}, each time, if they are not those of the digest
   */
  long check(Repository repository, Descriptor blob) throws IOException {
    return hashed.computeIfAbsent(blob.digest(), d -> new Hashed()).check(repository, blob);
  }

  private final class Hashed extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    private boolean done;
    private @Nullable MirrorException failure;

    long check(Repository repository, Descriptor blob) throws IOException {
      lock();
      try {
        if (failure != null) {
          throw failure;
        }
        if (done) {
          return 0;
        }
        hash(repository, blob);
        done = true;
        return blob.size();
      } catch (DamagedBlobException e) {
        failure = new MirrorException(Reason.CORRUPT, e.getMessage(), e);
        throw failure;
      } finally {
        unlock();
      }
    }

    private void hash(Repository repository, Descriptor blob) throws IOException {
      byte[] buffer = new byte[BUFFER];
      try (VerifyingStream content =
          new VerifyingStream(
              new ResumingStream(place, repository, blob, retries, listener), blob)) {
        while (content.read(buffer, 0, buffer.length) >= 0) {
          if (workers.isStopped()) {
            throw Workers.interrupted();
          }
        }
      }
    }
  }
}
