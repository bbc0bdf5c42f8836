package io.mirrorimages.archive;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Reason;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every manifest, and every other blob, that an archive of a plan stores, each digest once, with
 * its size, in plan order.
 */
final class StoredBlobs {
  /** Far beyond all disks, and far enough from what a long can count for all headers. */
  private static final long LARGEST_ARCHIVE = 1L << 62;

  private final Map<Digest, Long> manifests = new LinkedHashMap<>();
  private final Map<Digest, Long> blobs = new LinkedHashMap<>();
  private final Map<Digest, Digest> claimedBy = new HashMap<>();
  private long total;

  /**
   * {@link Reason#CORRUPT} if two manifests give a blob different sizes, or one gives an impossible
   * one.
   *
   * @param elsewhere blobs that are not stored; manifests always are
   */
  StoredBlobs(List<PlannedImage> plan, Set<Digest> elsewhere) throws MirrorException {
    for (PlannedImage image : plan) {
      for (Manifest manifest : image.manifests()) {
        add(image, manifest.descriptor(), manifest, manifests);
      }
    }
    for (PlannedImage image : plan) {
      for (Manifest manifest : image.manifests()) {
        for (Descriptor blob : manifest.blobs()) {
          if (!image.omitted().contains(blob.digest()) && !elsewhere.contains(blob.digest())) {
            add(image, blob, manifest, blobs);
          }
        }
      }
    }
  }

  /** The manifests' sizes in bytes. */
  Map<Digest, Long> manifests() {
    return manifests;
  }

  /** The sizes of configs and layers in bytes. */
  Map<Digest, Long> blobs() {
    return blobs;
  }

  /** The size of a manifest or blob that is stored. */
  long size(Digest digest) {
    Long size = manifests.get(digest);
    return size == null ? blobs.get(digest) : size;
  }

  private void add(
      PlannedImage image, Descriptor content, Manifest claimant, Map<Digest, Long> kind)
      throws MirrorException {
    Digest digest = content.digest();
    Long known = manifests.getOrDefault(digest, blobs.get(digest));
    if (known == null) {
      if (content.size() > LARGEST_ARCHIVE - total) {
        throw new MirrorException(
            Reason.CORRUPT,
            "%s says that %s has %d bytes, more than any archive can hold: take %s off the list"
                .formatted(claimant.digest(), digest, content.size(), image.request().source()));
      }
      total += content.size();
      kind.put(digest, content.size());
      claimedBy.put(digest, claimant.digest());
    } else if (known != content.size()) {
      throw new MirrorException(
          Reason.CORRUPT,
          ("%s has %d bytes according to %s, but %d bytes according to %s (%s): one of them is"
                  + " wrong, take its image off the list")
              .formatted(
                  digest,
                  known,
                  claimedBy.get(digest),
                  content.size(),
                  claimant.digest(),
                  image.request().source()));
    }
  }
}
