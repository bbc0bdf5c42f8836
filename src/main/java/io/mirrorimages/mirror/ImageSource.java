package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Where images come from: a registry or an archive. Thread-safe; calls block. Failures are {@link
 * MirrorException}s where the reason is known, {@link Reason#MISSING} for what is not there. Each
 * call already makes the retries that suit a single request.
 */
public interface ImageSource {

  /**
   * The digest the image has now, asked for as cheaply as the source can (a HEAD). Empty if the
   * source can only tell with the content.
   */
  Optional<Digest> digest(Reference image) throws IOException;

  /**
   * The same, if it pays to ask for it before the content: where manifests are counted, and this is
   * not. Empty otherwise, and where only the content can tell.
   */
  default Optional<Digest> pin(Reference image) throws IOException {
    return Optional.empty();
  }

  /**
   * The places that count the manifests they give, among those that this image's come from, in the
   * order in which they are asked. One that nothing is known of yet may be asked, by a request that
   * is not counted.
   */
  default List<PullAllowance> pulls(Reference image) throws IOException {
    return List.of();
  }

  /** A manifest that is on this machine already; empty if it has to be asked for. */
  default Optional<Manifest> atHand(Digest digest) {
    return Optional.empty();
  }

  /**
   * The manifest or index of the image, by its digest if it is pinned, else by its tag. The bytes
   * are already checked against a pinned digest. What is no manifest comes out as an {@link
   * io.mirrorimages.image.InvalidContentException}, what can't be mirrored as an {@link
   * io.mirrorimages.image.UnsupportedManifestException}.
   */
  Manifest manifest(Reference image) throws IOException;

  /** Whether the repository has the blob, with the size its descriptor claims. */
  boolean has(Repository repository, Descriptor blob) throws IOException;

  /**
   * What the source knows of a blob that it lacks, as one volume of an archive knows of the others;
   * empty if it has the blob, or knows nothing.
   */
  default Optional<Lacking> lacking(Descriptor blob) {
    return Optional.empty();
  }

  /**
   * The blob's bytes from {@code offset} on, <em>not yet verified</em>: the reader hashes them. The
   * caller closes the stream, also before its end.
   *
   * @param offset 0 up to, but not including, the blob's size (0 for an empty blob)
   */
  InputStream open(Repository repository, Descriptor blob, long offset) throws IOException;

  /**
   * The blob's bytes from {@code from} on, up to but not including {@code to}, <em>not yet
   * verified</em>, from a source that sends parts. One that does not, sends all of the blob if
   * {@code from} is 0; else nothing is sent, and the result is empty.
   *
   * @param to beyond {@code from}, up to the blob's size
   */
  default Optional<BlobPart> part(Repository repository, Descriptor blob, long from, long to)
      throws IOException {
    return from > 0
        ? Optional.empty()
        : Optional.of(new BlobPart(open(repository, blob, 0), blob.size()));
  }

  /** Is told that a blob that came in {@link #part}s was not what its digest says. */
  default void wasDamaged(Descriptor blob) {}

  /**
   * Whether there is a place that has not sent any of the blob yet, so that the bytes that came say
   * nothing of what is to be had there.
   */
  default boolean hasOther(Repository repository, Descriptor blob) {
    return false;
  }

  /** Where an image's content came from, at a source that has several places for it. */
  default Provenance provenance(PlannedImage image) {
    return Provenance.NONE;
  }

  /** Whether its blobs are on this machine, so that reading one a second time costs no line. */
  default boolean isLocal() {
    return false;
  }
}
