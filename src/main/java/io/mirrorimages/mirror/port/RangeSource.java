package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.Optional;

/** The ability of a source that sends ranges of a blob's bytes, as HTTP servers do. */
public interface RangeSource {
  /**
   * The blob's bytes from {@code from} on, up to but not including {@code to}, <em>not yet
   * verified</em>. A server that sends no ranges sends all of the blob if {@code from} is 0; else
   * nothing is sent, and the result is empty.
   *
   * @param to beyond {@code from}, up to the blob's size
   */
  Optional<BlobPart> part(Repository repository, Descriptor blob, long from, long to)
      throws IOException;

  /** Reports that a blob that came in {@link #part}s did not have its digest. */
  default void wasDamaged(Descriptor blob) {}

  /** The ability of {@code source}, or that of a source that sends blobs as a whole only. */
  static RangeSource of(ImageSource source) {
    return source
        .ability(RangeSource.class)
        .orElse((repository, blob, from, to) -> whole(source, repository, blob, from));
  }

  /** What {@link #part} gives where no ranges are sent. */
  static Optional<BlobPart> whole(
      ImageSource source, Repository repository, Descriptor blob, long from) throws IOException {
    return from > 0
        ? Optional.empty()
        : Optional.of(new BlobPart(source.open(repository, blob, 0), blob.size()));
  }
}
