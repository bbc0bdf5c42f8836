package io.mirrorimages.archive.design;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.mirror.PlannedImage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every manifest, and every other blob, that an archive of a plan stores, each digest once, with
 * its size, in plan order.
 */
final class StoredBlobs {
  /** Far beyond all disks, and far enough from what a long can count for all headers. */
  private static final long LARGEST_ARCHIVE = 1L << 62;

  private final Map<Digest, Long> manifests = new LinkedHashMap<>();
  private final Map<Digest, Long> blobs = new LinkedHashMap<>();
  private long total;

  /**
   * {@link FailureKind#CORRUPT} if two manifests give a blob different sizes, or one gives an
   * impossible one.
   *
   * @param elsewhere blobs that are not stored; manifests always are
   */
  StoredBlobs(List<PlannedImage> plan, Set<Digest> elsewhere) throws TransferException {
    for (PlannedImage image : plan) {
      for (Manifest manifest : image.manifests()) {
        add(plan, image, manifest.descriptor(), manifest, manifests);
      }
    }
    for (PlannedImage image : plan) {
      for (Manifest manifest : image.manifests()) {
        for (Descriptor blob : manifest.blobs()) {
          if (!image.omitted().contains(blob.digest()) && !elsewhere.contains(blob.digest())) {
            add(plan, image, blob, manifest, blobs);
          }
        }
      }
    }
  }

  /** The manifests' sizes in bytes. */
  Map<Digest, Long> manifests() {
    return Collections.unmodifiableMap(manifests);
  }

  /** The sizes of configs and layers in bytes. */
  Map<Digest, Long> blobs() {
    return Collections.unmodifiableMap(blobs);
  }

  /** The size of a manifest or blob that is stored. */
  long size(Digest digest) {
    Long size = manifests.get(digest);
    return Objects.requireNonNull(size == null ? blobs.get(digest) : size);
  }

  private void add(
      List<PlannedImage> plan,
      PlannedImage image,
      Descriptor content,
      Manifest claimant,
      Map<Digest, Long> kind)
      throws TransferException {
    Digest digest = content.digest();
    Long known = manifests.getOrDefault(digest, blobs.get(digest));
    if (known == null) {
      if (content.size() > LARGEST_ARCHIVE - total) {
        throw new TransferException(
            FailureKind.CORRUPT,
            "%s says that %s has %d bytes, more than any archive can hold: take %s off the list"
                .formatted(claimant.digest(), digest, content.size(), image.request().source()));
      }
      total += content.size();
      kind.put(digest, content.size());
    } else if (known != content.size()) {
      throw new TransferException(
          FailureKind.CORRUPT,
          ("%s has %d bytes according to %s, but %d bytes according to %s (%s): one of them is"
                  + " wrong, take its image off the list")
              .formatted(
                  digest,
                  known,
                  firstClaimant(plan, digest),
                  content.size(),
                  claimant.digest(),
                  image.request().source()));
    }
  }

  /** The manifest that decided its size: itself, or the first that mentions it. */
  private static Digest firstClaimant(List<PlannedImage> plan, Digest digest) {
    boolean isManifest = manifests(plan).anyMatch(manifest -> manifest.digest().equals(digest));
    return isManifest
        ? digest
        : manifests(plan)
            .filter(m -> m.blobs().stream().anyMatch(blob -> blob.digest().equals(digest)))
            .findFirst()
            .orElseThrow()
            .digest();
  }

  private static Stream<Manifest> manifests(List<PlannedImage> plan) {
    return plan.stream().flatMap(image -> image.manifests().stream());
  }
}
