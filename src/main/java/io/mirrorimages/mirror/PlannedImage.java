package io.mirrorimages.mirror;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Repository;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
 * @param replaced the other image that its tag shows at the target until then
 * @param mountedFrom repositories of the target that are to give blobs which the source lacks, and
 *     that the plan brings nothing to
 */
public record PlannedImage(
    ImageRequest request,
    Digest sourceDigest,
    List<Manifest> manifests,
    Set<Digest> omitted,
    Optional<Digest> replaced,
    Set<Repository> mountedFrom) {

  /** Copies the collections. */
  public PlannedImage {
    manifests = List.copyOf(manifests);
    omitted = Set.copyOf(omitted);
    mountedFrom = Set.copyOf(mountedFrom);
  }

  /** One that replaces nothing and takes nothing from elsewhere. */
  public PlannedImage(
      ImageRequest request, Digest sourceDigest, List<Manifest> manifests, Set<Digest> omitted) {
    this(request, sourceDigest, manifests, omitted, Optional.empty(), Set.of());
  }

  /** The same where the tag shows {@code digest}, which may be nothing. */
  public PlannedImage replacing(Optional<Digest> digest) {
    return new PlannedImage(request, sourceDigest, manifests, omitted, digest, mountedFrom);
  }

  /** The same with blobs from {@code repositories}. */
  public PlannedImage mountingFrom(Set<Repository> repositories) {
    return new PlannedImage(request, sourceDigest, manifests, omitted, replaced, repositories);
  }

  /** What it does to the target beside being there, in words; empty if that is nothing. */
  public String effects() {
    List<String> effects = new ArrayList<>();
    replaced.ifPresent(
        digest ->
            effects.add(
                "replaces "
                    + digest
                    + " with an image of "
                    + request.source().repository().registry()));
    if (!mountedFrom.isEmpty()) {
      effects.add(
          "takes layers from "
              + mountedFrom.stream()
                  .map(Repository::toString)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    return String.join("; ", effects);
  }

  /** Whether it runs on some platform, unlike a chart. */
  public boolean isContainerImage() {
    return manifests.stream().anyMatch(Manifest::isContainerImage);
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

  /** Every mention of a config or layer in its manifests, also the repeated ones of a digest. */
  public List<Descriptor> mentions() {
    return manifests.stream().flatMap(manifest -> manifest.blobs().stream()).toList();
  }

  /**
   * Why the sizes that its manifests claim are wrong: they contradict each other, or {@code sizes}.
   *
   * @param sizes the proven size of each digest, in bytes; digests may be absent
   * @return empty if nothing contradicts
   */
  public Optional<TransferException> contradiction(Map<Digest, Long> sizes) {
    Map<Digest, Long> own = new HashMap<>();
    for (Descriptor blob : mentions()) {
      Long known = sizes.get(blob.digest());
      Long right = known == null ? own.putIfAbsent(blob.digest(), blob.size()) : known;
      if (right != null && right != blob.size()) {
        return Optional.of(
            new TransferException(
                FailureKind.CORRUPT,
                "its manifest says that %s has %d bytes; it has %d"
                    .formatted(blob.digest(), blob.size(), right)));
      }
    }
    return Optional.empty();
  }
}
