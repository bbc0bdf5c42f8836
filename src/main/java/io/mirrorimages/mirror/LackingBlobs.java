package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The blobs of a plan that its source lacks (see {@link ImageSource#lacking}) and that were not
 * found at the target either. Looks for each before anything is sent: first in the repositories
 * that want it, then where images that have it too should be. Thread-safe once made.
 */
final class LackingBlobs {
  /**
   * In how many repositories is asked for a blob although they don't show the image that would have
   * brought it, for example because it was loaded with a platform filter.
   */
  private static final int ASKED_IN_VAIN = 8;

  private final Map<Digest, Lacking> missing = new ConcurrentHashMap<>();
  private final ImageTarget target;
  private final TargetContents contents;
  private final UnaryOperator<Reference> naming;
  private final Map<Reference, Boolean> shown = new ConcurrentHashMap<>();

  private LackingBlobs(
      ImageTarget target, TargetContents contents, UnaryOperator<Reference> naming) {
    this.target = target;
    this.contents = contents;
    this.naming = naming;
  }

  /** None, as for a source that has all it speaks of. */
  static LackingBlobs none(ImageTarget target, TargetContents contents) {
    return new LackingBlobs(target, contents, UnaryOperator.identity());
  }

  /**
   * Looks for what {@code source} lacks of {@code images}.
   *
   * @param contents what is known of the target, which has been asked for all blobs in the
   *     repositories that want them
   * @param naming what the source's images are called at the target
   */
  static LackingBlobs of(
      List<PlannedImage> images,
      ImageSource source,
      ImageTarget target,
      TargetContents contents,
      UnaryOperator<Reference> naming,
      Workers workers,
      int atOnce)
      throws IOException {
    LackingBlobs lacking = new LackingBlobs(target, contents, naming);
    Set<Digest> present = contents.present();
    Map<Descriptor, Lacking> wanted = new HashMap<>();
    for (PlannedImage image : images) {
      for (Descriptor blob : image.blobs()) {
        if (!present.contains(blob.digest())) {
          Descriptor bare = new Descriptor("", blob.digest(), blob.size());
          source.lacking(blob).ifPresent(where -> wanted.putIfAbsent(bare, where));
        }
      }
    }
    workers.forEach(
        wanted.entrySet(),
        atOnce,
        entry -> {
          if (!lacking.isFound(entry.getKey(), entry.getValue())) {
            lacking.missing.put(entry.getKey().digest(), entry.getValue());
          }
        });
    return lacking;
  }

  /** What can't be asked for is not found: only the images that need it fail. */
  private boolean isFound(Descriptor blob, Lacking lacking) throws IOException {
    try {
      return isAtTarget(blob, lacking);
    } catch (MirrorException e) {
      return false;
    }
  }

  private boolean isAtTarget(Descriptor blob, Lacking lacking) throws IOException {
    List<Reference> doubtful = new ArrayList<>();
    for (Reference holder : lacking.holders()) {
      Reference named = naming.apply(holder);
      // By digest: the tag may show something newer by now.
      Reference there = named.digest().map(named::at).orElse(named);
      if (!isShown(there)) {
        doubtful.add(there);
      } else if (contents.has(there.repository(), blob)) {
        return true;
      }
    }
    for (Repository repository :
        doubtful.stream().map(Reference::repository).distinct().limit(ASKED_IN_VAIN).toList()) {
      if (contents.has(repository, blob)) {
        return true;
      }
    }
    return false;
  }

  private boolean isShown(Reference image) throws IOException {
    Boolean known = shown.get(image);
    if (known == null) {
      known = target.digest(image).isPresent();
      shown.put(image, known);
    }
    return known;
  }

  /** Whether the blob can't be brought in this run. */
  boolean contains(Digest blob) {
    return missing.containsKey(blob);
  }

  /** All of them. */
  Set<Digest> digests() {
    return Set.copyOf(missing.keySet());
  }

  /** Why the image is not even to be begun; empty if it is. */
  Optional<MirrorException> refusal(PlannedImage image) {
    boolean refused =
        image.blobs().stream()
            .map(blob -> missing.get(blob.digest()))
            .anyMatch(where -> where != null && where.expectedAtTarget());
    return refused ? failure(image) : Optional.empty();
  }

  /** Why the image can't be completed: what is missing, and where it is. Empty if it can. */
  Optional<MirrorException> failure(PlannedImage image) {
    Map<String, List<Descriptor>> byPlace = new TreeMap<>();
    for (Descriptor blob : image.blobs()) {
      Lacking where = missing.get(blob.digest());
      if (where != null) {
        byPlace.computeIfAbsent(where.where(), w -> new ArrayList<>()).add(blob);
      }
    }
    if (byPlace.isEmpty()) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    byPlace.forEach((where, blobs) -> parts.add("it needs " + where + ", " + inWords(blobs)));
    return Optional.of(
        new MirrorException(Reason.MISSING, String.join("; ", parts) + ": load that too"));
  }

  /** What the target should have is listed: nobody else knows. */
  private String inWords(List<Descriptor> blobs) {
    if (missing.get(blobs.getFirst().digest()).expectedAtTarget()) {
      return "which should have brought "
          + String.join(", ", blobs.stream().map(blob -> blob.digest().toString()).toList());
    }
    return "which has " + blobs.size() + (blobs.size() == 1 ? " blob of it" : " blobs of it");
  }
}
