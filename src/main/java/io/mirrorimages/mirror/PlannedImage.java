package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An image that is pinned and known in full, ready to be carried over.
 *
 * @param request which image, and where it goes
 * @param sourceDigest the digest of its tag at the source; differs from the last manifest's only
 *     under a platform filter
 * @param manifests all its manifests, children before their index; the last is the one the tag will
 *     show
 * @param omitted non-distributable layers that the source does not have either, so that they are
 *     left out at the target too
 */
public record PlannedImage(
    ImageRequest request, Digest sourceDigest, List<Manifest> manifests, Set<Digest> omitted) {

  /** Copies the collections. */
  public PlannedImage {
    manifests = List.copyOf(manifests);
    omitted = Set.copyOf(omitted);
  }

  /** What the tag will show. */
  public Manifest top() {
    return manifests.getLast();
  }

  /** Every config and layer to be carried, each digest once, in the order of first mention. */
  public Collection<Descriptor> blobs() {
    Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    for (Manifest manifest : manifests) {
      for (Descriptor blob : manifest.blobs()) {
        if (!omitted.contains(blob.digest())) {
          blobs.putIfAbsent(blob.digest(), blob);
        }
      }
    }
    return blobs.values();
  }
}
