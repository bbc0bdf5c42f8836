package io.mirrorimages.mirror.port;

import io.mirrorimages.failure.MissingContentException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.Optional;

/**
 * Where images go: a registry, an archive or a folder. Thread-safe; calls block. The engine keeps
 * the order: all blobs of an image, then its manifests, children first, the tagged one last.
 *
 * <p>What only some targets can do is an ability, an interface of its own: {@link ReadableTarget},
 * {@link EmptyRepositoryCheck} and {@link AdmissionCheck}. A target that wraps another one extends
 * {@link ForwardingImageTarget}.
 */
public interface ImageTarget {

  /** The digest the target shows under the image's tag (or digest); empty if it has none. */
  Optional<Digest> resolve(Reference image) throws IOException;

  /** Whether the blob is in the repository. */
  boolean has(Repository repository, Descriptor blob) throws IOException;

  /**
   * Begins to store a blob that the repository does not have, as far as is known. The caller closes
   * the upload.
   *
   * @param mountFrom another repository of the same target that has the blob: a target that can,
   *     takes it from there; or the repository itself, if it is {@link EmptyRepositoryCheck#isEmpty
   *     empty} and the blob was not asked for
   */
  BlobUpload begin(Repository repository, Descriptor blob, Optional<Repository> mountFrom)
      throws IOException;

  /**
   * Stores a manifest, under the reference's tag, or its digest if it has no tag.
   *
   * @throws MissingContentException if the target does not have what the manifest refers to; not
   *     tried again here
   */
  void put(Reference image, Manifest manifest) throws IOException;

  /** An ability of this target, or of one that it wraps; empty if it has none. */
  default <A> Optional<A> ability(Class<A> ability) {
    return ability.isInstance(this) ? Optional.of(ability.cast(this)) : Optional.empty();
  }
}
