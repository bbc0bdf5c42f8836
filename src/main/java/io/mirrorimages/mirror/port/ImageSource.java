package io.mirrorimages.mirror.port;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Where images come from: a registry, an archive or a folder. Thread-safe; calls block. Failures
 * are {@link TransferException}s where the reason is known, {@link FailureKind#MISSING} for what is
 * not there. Each call already makes the retries that suit a single request.
 *
 * <p>What only some sources can do is an ability, an interface of its own: {@link
 * RateLimitedSource}, {@link LocalManifests}, {@link PartialSource}, {@link RangeSource}, {@link
 * MultiEndpointSource} and {@link LocalSource}. A source that wraps another one extends {@link
 * ForwardingImageSource}.
 */
public interface ImageSource {

  /**
   * The digest the image has now, asked for as cheaply as the source can (a HEAD). Empty if the
   * source can only tell with the content.
   */
  Optional<Digest> resolve(Reference image) throws IOException;

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
   * The blob's bytes from {@code offset} on, <em>not yet verified</em>: the reader hashes them. The
   * caller closes the stream, also before its end. It may end with a {@link
   * io.mirrorimages.mirror.stream.SourcePausedException}, which {@link
   * io.mirrorimages.mirror.stream.ResumingStream} handles.
   *
   * @param offset 0 up to, but not including, the blob's size (0 for an empty blob)
   */
  InputStream open(Repository repository, Descriptor blob, long offset) throws IOException;

  /** An ability of this source, or of one that it wraps; empty if it has none. */
  default <A> Optional<A> ability(Class<A> ability) {
    return ability.isInstance(this) ? Optional.of(ability.cast(this)) : Optional.empty();
  }
}
