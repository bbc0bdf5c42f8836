package io.mirrorimages.mirror;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a run will do, known before its first layer byte.
 *
 * @param images the images to be carried over, pinned, in the order of the list
 * @param settled the images that need no transfer: unchanged, skipped, or failed already
 * @param totals the sums
 */
public record Plan(List<PlannedImage> images, List<ImageResult> settled, Totals totals) {

  /** Nothing to do. */
  public static final Plan EMPTY =
      new Plan(List.of(), List.of(), Totals.of(List.of(), Set.of(), Set.of()));

  /** Copies the lists. */
  public Plan {
    images = List.copyOf(images);
    settled = List.copyOf(settled);
  }

  /** The same with further images that are settled. */
  public Plan with(List<ImageResult> further) {
    return new Plan(images, Stream.concat(settled.stream(), further.stream()).toList(), totals);
  }

  /** This plan and a further one, which counts what this one brings as there. */
  public Plan and(Plan further) {
    return new Plan(
        Stream.concat(images.stream(), further.images.stream()).toList(),
        Stream.concat(settled.stream(), further.settled.stream()).toList(),
        totals.and(further.totals));
  }

  /**
   * The same without the images that give something another size than {@code earlier} does, where
   * that has its place already: they are settled as failed.
   */
  public Plan agreeingWith(Plan earlier) {
    Map<Digest, Long> sizes = new HashMap<>();
    earlier.images.stream()
        .flatMap(image -> image.blobs().stream())
        .forEach(blob -> sizes.putIfAbsent(blob.digest(), blob.size()));
    IdentityHashMap<PlannedImage, TransferException> wrong = new IdentityHashMap<>();
    for (PlannedImage image : images) {
      image.contradiction(sizes).ifPresent(failure -> wrong.put(image, failure));
    }
    return new Plan(
            images.stream().filter(image -> !wrong.containsKey(image)).toList(), settled, totals)
        .with(
            wrong.entrySet().stream()
                .map(
                    e ->
                        ImageResult.failed(
                            e.getKey().request(),
                            Optional.of(e.getKey().sourceDigest()),
                            e.getValue()))
                .toList());
  }

  /** Whether no image has failed already. */
  public boolean isComplete() {
    return settled.stream().noneMatch(result -> result.status() == Status.FAILED);
  }

  /** The same for a target that has {@code present} of the blobs already. */
  public Plan having(Set<Digest> present) {
    return new Plan(images, settled, Totals.of(images, present, Set.of()));
  }

  /**
   * The sums of a plan; sizes in bytes. {@code mentioned = shared + atTarget + toMove}.
   *
   * @param blobs number of different blobs (layers, configs and manifests) of the images to be
   *     carried over
   * @param mentioned their size if every image brought all its own
   * @param shared what sharing saves: mentions of a blob after its first
   * @param atTarget what the target has already
   * @param toMove what remains to be moved
   */
  public record Totals(long blobs, long mentioned, long shared, long atTarget, long toMove) {

    /** The same where the target kept {@code bytes} of what is to be moved from an earlier run. */
    public Totals keeping(long bytes) {
      return new Totals(blobs, mentioned, shared, atTarget + bytes, toMove - bytes);
    }

    private Totals and(Totals further) {
      return new Totals(
          blobs + further.blobs,
          sum(mentioned, further.mentioned),
          sum(shared, further.shared),
          sum(atTarget, further.atTarget),
          sum(toMove, further.toMove));
    }

    /**
     * Sums up {@code images}.
     *
     * @param present blobs the target has in some repository
     * @param missing blobs that can't be had, which don't count
     */
    public static Totals of(List<PlannedImage> images, Set<Digest> present, Set<Digest> missing) {
      Map<Digest, Long> unique = new HashMap<>();
      long mentioned = 0;
      long toMove = 0;
      long atTarget = 0;
      for (PlannedImage image : images) {
        for (Descriptor content : contents(image)) {
          if (missing.contains(content.digest())) {
            continue;
          }
          mentioned = sum(mentioned, content.size());
          if (unique.putIfAbsent(content.digest(), content.size()) == null) {
            if (present.contains(content.digest())) {
              atTarget = sum(atTarget, content.size());
            } else {
              toMove = sum(toMove, content.size());
            }
          }
        }
      }
      return new Totals(unique.size(), mentioned, mentioned - toMove - atTarget, atTarget, toMove);
    }

    /** Never less than each: what is claimed may be more than can be counted. */
    private static long sum(long some, long more) {
      return some > Long.MAX_VALUE - more ? Long.MAX_VALUE : some + more;
    }

    private static Set<Descriptor> contents(PlannedImage image) {
      Set<Descriptor> contents = new HashSet<>(image.blobs());
      image.manifests().forEach(manifest -> contents.add(manifest.descriptor()));
      return contents;
    }
  }
}
