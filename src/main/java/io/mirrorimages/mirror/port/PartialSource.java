package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Descriptor;
import java.util.Optional;

/**
 * The ability of a source that knows of blobs which are not in it, as one volume of an archive
 * knows of the others, and a delta of its base.
 */
@FunctionalInterface
public interface PartialSource {
  /**
   * Where a blob is that the source lacks; empty if the source has the blob, or knows nothing of
   * it.
   */
  Optional<ExternalBlob> lacking(Descriptor blob);

  /** The ability of {@code source}, or that of a source which lacks nothing it speaks of. */
  static PartialSource of(ImageSource source) {
    return source.ability(PartialSource.class).orElse(blob -> Optional.empty());
  }
}
