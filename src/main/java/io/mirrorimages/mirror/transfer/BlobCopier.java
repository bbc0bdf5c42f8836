package io.mirrorimages.mirror.transfer;

import io.mirrorimages.failure.DamagedBlobException;
import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.ExternalBlob;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.LocalSource;
import io.mirrorimages.mirror.port.MultiEndpointSource;
import io.mirrorimages.mirror.port.PartialSource;
import io.mirrorimages.mirror.presence.BlobPresenceCache;
import io.mirrorimages.mirror.stream.ResumingStream;
import io.mirrorimages.mirror.stream.VerifyingStream;
import io.mirrorimages.mirror.work.Exclusive;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings blobs to where they are wanted: each digest is read from the source at most once and sent
 * to the target at most once; every further repository gets it by mount. Thread-safe; a digest is
 * worked on by one task at a time, which holds it meanwhile.
 */
public final class BlobCopier {
  /**
   * Failures that another image with the same blob would meet again, after as many tries; the
   * others are about one repository.
   */
  private static final Set<FailureKind> SHARED_FATE =
      EnumSet.of(FailureKind.NETWORK, FailureKind.CORRUPT, FailureKind.SPACE);

  /**
   * In so many repositories of a registry a blob has to be damaged before it is so in all: each
   * time all of it is read.
   */
  private static final int ENOUGH_DAMAGE = 3;

  private final ImageSource source;
  private final PartialSource partial;
  private final boolean local;
  private final ImageTarget target;
  private final BlobPresenceCache contents;
  private final Tries usual;
  private final Tries single;
  private final Exclusive<Digest> digests;
  private volatile boolean mountsBeside;
  private final Set<Repository> unmountable = ConcurrentHashMap.newKeySet();
  private final Map<Digest, BlobWork> works = new ConcurrentHashMap<>();

  /**
   * @param digests which digests are worked on
   * @param scheduler gives the threads for parts of large blobs
   */
  public BlobCopier(
      ImageSource source,
      ImageTarget target,
      BlobPresenceCache contents,
      MirrorOptions options,
      Exclusive<Digest> digests,
      Scheduler scheduler) {
    this.source = source;
    this.partial = PartialSource.of(source);
    this.local = LocalSource.is(source);
    this.target = target;
    this.contents = contents;
    Function<Retries, Tries> tries =
        retries ->
            new Tries(retries, new BlobTransfer(source, retries, options.segments(), scheduler));
    this.usual = tries.apply(options.retries());
    this.single = tries.apply(new Retries(0, Duration.ZERO));
    this.digests = digests;
    this.mountsBeside = options.mountsBeside();
  }

  /**
   * Returns when the target has the blob in the repository {@code to}. The caller holds its digest.
   *
   * @param listener is told of every byte read, also where the blob fails in the end
   * @return the bytes moved for it: its size, or 0 if it was there or mounted
   */
  public long bring(Repository from, Repository to, Descriptor blob, RunListener listener)
      throws IOException {
    return work(blob).bring(from, to, blob, listener, true);
  }

  /**
   * As {@link #bring}, but asks the target again whether it has the blob: it was there, and the
   * target says that it is not. Then no mount is believed any more, unless there is no other way.
   * Waits for the digest, and holds it meanwhile.
   */
  public long bringAgain(Repository from, Repository to, Descriptor blob, RunListener listener)
      throws IOException {
    digests.await(blob.digest());
    try {
      contents.forget(to, blob.digest());
      return work(blob).bring(from, to, blob, listener, partial.lacking(blob).isPresent());
    } finally {
      digests.release(blob.digest());
    }
  }

  private BlobWork work(Descriptor blob) {
    return works.computeIfAbsent(blob.digest(), d -> new BlobWork());
  }

  /** How often a blob is tried, in its steps and as a whole. */
  private record Tries(Retries retries, BlobTransfer transfer) {}

  /** What is known of one digest; guarded by holding that. */
  private final class BlobWork {
    private @Nullable TransferException failure;
    private final Set<Repository> failedIn = new HashSet<>();
    private long failedSize;
    private @Nullable DamagedBlobException damage;
    private boolean proven;

    long bring(
        Repository from, Repository to, Descriptor blob, RunListener listener, boolean mounting)
        throws IOException {
      if (failure != null && isShared(failure, from, blob)) {
        throw failure;
      }
      if (!contents.isLeftToUpload(to, blob.digest()) && isThere(to, blob)) {
        return 0;
      }
      try {
        Tries tries = isDoubtful(from) ? single : usual;
        BlobTransfer transfer = tries.transfer.reportingTo(listener);
        listener.on(new RunEvent.BlobStarted(blob, to));
        long moved = tries.retries.call(() -> copy(from, to, blob, mounting, transfer));
        contents.add(to, blob.digest());
        listener.on(new RunEvent.BlobEnded(blob, to, moved, true));
        return moved;
      } catch (IOException e) {
        listener.on(new RunEvent.BlobEnded(blob, to, 0, false));
        Failure known = Failure.of(e);
        if (SHARED_FATE.contains(known.reason())) {
          failure = new TransferException(known.reason(), known.message(), e);
          failedIn.add(from);
          failedSize = blob.size();
        }
        throw e;
      }
    }

    /** A target that does not say whether it has the blob may take it all the same. */
    private boolean isThere(Repository to, Descriptor blob) throws IOException {
      try {
        return contents.has(to, blob);
      } catch (TransferException e) {
        return false;
      }
    }

    /**
     * A full disk is full for all. But what one repository answers says little of the others,
     * another registry may have the blob whole, and another image be right about its size.
     */
    private boolean isShared(TransferException failure, Repository from, Descriptor blob) {
      return failure.reason() == FailureKind.SPACE
          || (blob.size() == failedSize
              && (failedIn.contains(from)
                  || (failure.reason() == FailureKind.CORRUPT
                      && failuresBeside(from) >= ENOUGH_DAMAGE)));
    }

    /**
     * Whether all tries were in vain in another repository of the registry: if it is the whole
     * registry that is ill, waiting again for each image would take hours, so they get one try.
     */
    private boolean isDoubtful(Repository from) {
      return isOfTheConnection(failure) && failuresBeside(from) > 0;
    }

    private long failuresBeside(Repository from) {
      return failedIn.stream().filter(r -> r.registry().equals(from.registry())).count();
    }

    /** Whether it could have passed at first. */
    private static boolean isOfTheConnection(@Nullable Throwable failure) {
      return failure != null
          && (Retries.isTransient(failure) || isOfTheConnection(failure.getCause()));
    }

    /**
     * Who does not have the bytes has named a digest only, and must not get at a blob that way
     * which those who may read the repository could not read.
     */
    private boolean isLacking(Repository from, Descriptor blob) throws IOException {
      return partial.lacking(blob).isPresent() || (local && !source.has(from, blob));
    }

    /**
     * Hashes the blob, once: a file may call anything by that digest, and what is mounted from
     * another project is not hashed on its way.
     */
    private void prove(Repository from, Descriptor blob) throws IOException {
      if (!proven) {
        try (InputStream content =
            new VerifyingStream(ResumingStream.withoutRetries(source, from, blob), blob)) {
          content.transferTo(OutputStream.nullOutputStream());
        }
        proven = true;
      }
    }

    private Optional<Repository> holder(Repository from, Repository to, Descriptor blob)
        throws IOException {
      return isLacking(from, blob)
          ? contents.holderInProject(to, blob.digest())
          : contents.holder(to, blob.digest());
    }

    /** Whether the target may have the blob from the source itself, both being one registry. */
    private boolean isBeside(Repository from, Repository to) {
      return !local
          && from.registry().equals(to.registry())
          && !from.equals(to)
          && !unmountable.contains(from);
    }

    private BlobUpload begin(
        Repository to, Descriptor blob, Optional<Repository> mountFrom, boolean likely)
        throws IOException {
      return likely && mountsBeside
          ? Scheduler.beside(() -> target.begin(to, blob, mountFrom))
          : target.begin(to, blob, mountFrom);
    }

    private long copy(
        Repository from, Repository to, Descriptor blob, boolean mounting, BlobTransfer transfer)
        throws IOException {
      Optional<Repository> known = mounting ? holder(from, to, blob) : Optional.empty();
      Optional<Repository> holder =
          known.isEmpty() && mounting && isBeside(from, to) ? Optional.of(from) : known;
      if (holder.isPresent() && local && !holder.get().isInProjectOf(to)) {
        prove(from, blob);
      }
      boolean unasked = contents.isLeftToUpload(to, blob.digest());
      Optional<Repository> mountFrom = unasked ? holder.or(() -> Optional.of(to)) : holder;
      try (BlobUpload upload = begin(to, blob, mountFrom, holder.isPresent())) {
        if (upload.mounted()) {
          return 0;
        }
        if (holder.isPresent()) {
          // What is then uploaded is to be counted from its beginning.
          mountsBeside = false;
        }
        if (holder.equals(Optional.of(from))) {
          unmountable.add(from);
        }
        // That it could not be mounted from elsewhere says nothing of what is here.
        if (unasked && holder.isPresent() && isThere(to, blob)) {
          return 0;
        }
        Optional<ExternalBlob> lacking = holder.flatMap(h -> partial.lacking(blob));
        if (lacking.isPresent()) {
          throw new TransferException(
              FailureKind.DENIED,
              blob.digest()
                  + " is in "
                  + holder.get()
                  + ", but could not be mounted from there: give the user the right to read it, or"
                  + " add "
                  + lacking.get().where());
        }
        long sent = transfer.send(from, blob, upload);
        proven = true;
        return sent;
      } catch (DamagedBlobException e) {
        boolean again = e.isSameAs(damage) && !MultiEndpointSource.of(source).hasOther(from, blob);
        damage = e;
        throw again
            ? new TransferException(FailureKind.CORRUPT, e.getMessage() + " (" + from + ")", e)
            : e;
      }
    }
  }
}
