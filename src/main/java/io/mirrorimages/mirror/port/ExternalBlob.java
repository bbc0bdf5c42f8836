package io.mirrorimages.mirror.port;

import io.mirrorimages.image.Reference;
import java.util.List;

/**
 * What a source that was made without a blob knows of it: where else it is.
 *
 * @param where in words, as in {@code volume 2 of 5}
 * @param expectedAtTarget whether the source was made for targets that have the blob already, so
 *     that an image is not to be begun where they don't
 * @param holders images, by the names and digests they have at this source, that have the blob too:
 *     a target that has one of them can take it from there
 */
public record ExternalBlob(String where, boolean expectedAtTarget, List<Reference> holders) {
  /** Copies the list. */
  public ExternalBlob {
    holders = List.copyOf(holders);
  }
}
