package io.mirrorimages.harbor;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.BlobUpload;
import io.mirrorimages.mirror.port.EmptyRepositoryCheck;
import io.mirrorimages.mirror.port.ForwardingImageTarget;
import io.mirrorimages.mirror.port.ForwardingUpload;
import io.mirrorimages.mirror.port.ImageTarget;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A Harbor where a project whose quota is used up gets nothing any more, while the others go on:
 * every further blob would be fetched, and refused again. No repository counts as empty: a HEAD
 * keeps a blob that no image names from being cleared away, a mount does not. Thread-safe.
 */
final class ParkedProjects extends ForwardingImageTarget {
  /** From how many bytes on a blob is worth a question before it. */
  private static final long LARGE = 4 * 1024 * 1024;

  private final Quotas quotas;
  private final Map<String, TransferException> full = new ConcurrentHashMap<>();

  /** Knows the quotas of projects. */
  @FunctionalInterface
  interface Quotas {
    /**
     * The quota that so many more bytes would exceed; empty if they would not, or if it is unknown.
     */
    Optional<Room> exceeded(String project, long bytes) throws IOException;
  }

  /** {@code target}, of which no project is known to be full. */
  ParkedProjects(ImageTarget target, Quotas quotas) {
    super(target);
    this.quotas = quotas;
  }

  /** Not forwarded: every blob is to be asked for by a HEAD. */
  @Override
  public <A> Optional<A> ability(Class<A> ability) {
    return ability == EmptyRepositoryCheck.class ? Optional.empty() : super.ability(ability);
  }

  @Override
  public BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom)
      throws IOException {
    TransferException known = full.get(ProjectNames.of(repository));
    if (known != null) {
      throw new TransferException(FailureKind.QUOTA, known.getMessage(), known);
    }
    try {
      Upload upload = new Upload(repository, blob, super.begin(repository, blob, mountFrom));
      if (!upload.mounted() && blob.size() >= LARGE) {
        refuseTooLarge(repository, blob, upload);
      }
      return upload;
    } catch (TransferException e) {
      throw noted(repository, e);
    }
  }

  /** Harbor counts a blob that comes in chunks when all of it has come. */
  private void refuseTooLarge(Repository repository, Descriptor blob, Upload upload)
      throws IOException {
    Optional<Room> quota;
    try {
      quota = quotas.exceeded(ProjectNames.of(repository), blob.size());
    } catch (IOException e) {
      // Then it is tried.
      return;
    }
    if (quota.isPresent()) {
      upload.close();
      throw tooLarge(repository, blob, quota.get(), null);
    }
  }

  @Override
  public void put(Reference image, Manifest manifest) throws IOException {
    try {
      super.put(image, manifest);
    } catch (TransferException e) {
      throw noted(image.repository(), e);
    }
  }

  private TransferException noted(Repository repository, TransferException e) {
    if (e.reason() != FailureKind.QUOTA) {
      return e;
    }
    String project = ProjectNames.of(repository);
    String parked = "project " + project + " is full, and gets nothing more in this run";
    // The first failure carries the reason; later ones refer to it.
    full.putIfAbsent(project, new TransferException(FailureKind.QUOTA, parked, e));
    return new TransferException(FailureKind.QUOTA, parked + ": " + e.getMessage(), e);
  }

  /**
   * Harbor refuses a blob before it has read it, and hangs up. The sender may only see a reset, and
   * would resend the whole blob on every retry.
   */
  private IOException judged(Repository repository, Descriptor blob, IOException broken) {
    Optional<Room> quota;
    try {
      quota = quotas.exceeded(ProjectNames.of(repository), blob.size());
    } catch (IOException e) {
      broken.addSuppressed(e);
      return broken;
    }
    return quota.isEmpty()
        ? broken
        : noted(repository, tooLarge(repository, blob, quota.get(), broken));
  }

  private static TransferException tooLarge(
      Repository repository, Descriptor blob, Room quota, @Nullable IOException cause) {
    return new TransferException(
        FailureKind.QUOTA,
        "the quota at "
            + repository.registry()
            + " does not allow for "
            + repository
            + "@"
            + blob.digest()
            + " with "
            + blob.size()
            + " bytes: "
            + quota.used()
            + " of "
            + quota.limit()
            + " are used",
        cause);
  }

  /** An upload that may be the one which is too much. */
  private final class Upload extends ForwardingUpload {
    private final Repository repository;
    private final Descriptor blob;

    Upload(Repository repository, Descriptor blob, BlobUpload upload) {
      super(upload);
      this.repository = repository;
      this.blob = blob;
    }

    @Override
    public void send(InputStream content) throws IOException {
      try {
        super.send(content);
      } catch (IOException e) {
        if (e instanceof TransferException known && known.reason() != FailureKind.NETWORK) {
          throw noted(repository, known);
        }
        throw e instanceof TransferException || Retries.isTransient(e)
            ? judged(repository, blob, e)
            : e;
      }
    }
  }
}
