package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Where images go: a registry or an archive. Thread-safe; calls block. The engine keeps the order:
 * all blobs of an image, then its manifests, children first, the tagged one last.
 */
public interface ImageTarget {

  /** The digest the target shows under the image's tag (or digest); empty if it has none. */
  Optional<Digest> digest(Reference image) throws IOException;

  /**
   * The manifest the target has for the image; empty if it has none, or can't be read while it is
   * written.
   */
  Optional<Manifest> manifest(Reference image) throws IOException;

  /** Whether the blob is in the repository. */
  boolean has(Repository repository, Descriptor blob) throws IOException;

  /**
   * Whether the repository shows no image, and its blobs need not be asked for one by one, since
   * {@link #begin}, with the repository itself to mount from, finds those that are there. Where
   * images are shown that is no way to ask: distribution 2.8 writes the blob's link anew, and fails
   * whoever reads it in that moment. Asks the target.
   */
  default boolean isBlank(Repository repository) throws IOException {
    return false;
  }

  /** Why the target would not take an image, as far as that is known before anything is sent. */
  default Optional<MirrorException> refusal(PlannedImage image) {
    return Optional.empty();
  }

  /**
   * Begins to store a blob that the repository does not have, as far as is known. The caller closes
   * what it gets.
   *
   * @param mountFrom another repository of the same target that has the blob: a target that can,
   *     takes it from there; or the repository itself, if it is {@link #isBlank blank} and the blob
   *     was not asked for
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

  /** One blob on its way into the target. Used by one thread. */
  interface BlobUpload extends AutoCloseable {
    /**
     * Whether the blob is there already, by mount or before; then {@link #send} must not be called.
     */
    boolean mounted();

    /**
     * How many of the blob's first bytes the target kept from an upload that was interrupted: 0 up
     * to its size. That they are the right ones is a claim like any other. Who does not ask sends
     * the whole blob.
     */
    default long kept() throws IOException {
      return 0;
    }

    /**
     * The bytes that were {@link #kept}, to be hashed again; empty if the target does not show them
     * before the blob is whole. The caller closes the stream.
     */
    default Optional<InputStream> keptBytes() throws IOException {
      return Optional.empty();
    }

    /**
     * Where the blob's bytes can be put in any order, in place of {@link #send}; empty if the
     * target takes them from the first to the last only.
     */
    default Optional<BlobPlace> place() {
      return Optional.empty();
    }

    /** Throws away what was kept, because it is not the beginning of the blob. */
    default void discard() throws IOException {}

    /**
     * Sends the blob, all of it or what follows the bytes that were {@link #kept}, and returns when
     * the target has confirmed it. A target that has all bytes and finds another digest throws a
     * {@link DamagedBlobException}.
     *
     * @param content exactly these bytes; it fails before its last bytes if the whole is not what
     *     the digest says. It can be rewound to a {@link InputStream#mark mark} however far that
     *     lies back, at the cost of reading anew. Not closed here.
     */
    void send(InputStream content) throws IOException;

    /** Gives up an upload that was not sent whole; does nothing otherwise. */
    @Override
    void close();
  }
}
