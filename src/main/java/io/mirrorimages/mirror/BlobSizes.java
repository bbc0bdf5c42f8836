package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the images of a plan say of the size of each blob. A digest can have one size only: an image
 * that contradicts those before it in the list is wrong, or they are, and it must not spoil the
 * blob for them. Not thread-safe.
 */
final class BlobSizes {
  private final Map<Digest, Long> sizes = new HashMap<>();

  /**
   * Takes the image in, unless it says other than the ones before it; then that is the failure
   * given.
   */
  Optional<MirrorException> contradiction(PlannedImage image) {
    List<Descriptor> contents = new ArrayList<>(image.blobs());
    image.manifests().stream().map(Manifest::descriptor).forEach(contents::add);
    Map<Digest, Long> own = new HashMap<>();
    for (Manifest manifest : image.manifests()) {
      // All mentions, not only the first of each digest.
      contents.addAll(manifest.blobs());
    }
    for (Descriptor content : contents) {
      Long known = sizes.getOrDefault(content.digest(), own.get(content.digest()));
      if (known != null && known != content.size()) {
        return Optional.of(
            new MirrorException(
                Reason.CORRUPT,
                "it says that %s has %d bytes, another manifest says %d"
                    .formatted(content.digest(), content.size(), known)));
      }
      own.put(content.digest(), content.size());
    }
    sizes.putAll(own);
    return Optional.empty();
  }
}
