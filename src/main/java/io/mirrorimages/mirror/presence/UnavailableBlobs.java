package io.mirrorimages.mirror.presence;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.mirror.port.ExternalBlob;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.PartialSource;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The blobs of a plan that its source lacks (see {@link PartialSource#lacking}) and that were not
 * found at the target either. Looks for each before anything is sent: first in the repositories
 * that want it, then where images that have it too should be, in the same project only: the archive
 * that names those images may be anybody's, and must not bring a blob to where others may read it.
 * Thread-safe once made.
 */
public final class UnavailableBlobs {
  /**
   * In how many repositories is asked for a blob although they don't show the image that would have
   * brought it, for example because it was loaded with a platform filter.
   */
  private static final int ASKED_IN_VAIN = 8;

  private final Map<ProjectBlob, ExternalBlob> missing = new ConcurrentHashMap<>();
  private final Map<ProjectBlob, Repository> found = new ConcurrentHashMap<>();
  private final ImageTarget target;
  private final BlobPresenceCache contents;
  private final TargetNaming naming;
  private final Map<Reference, Boolean> shown = new ConcurrentHashMap<>();

  private UnavailableBlobs(ImageTarget target, BlobPresenceCache contents, TargetNaming naming) {
    this.target = target;
    this.contents = contents;
    this.naming = naming;
  }

  /** None, as for a source that has all it speaks of. */
  public static UnavailableBlobs none(ImageTarget target, BlobPresenceCache contents) {
    return new UnavailableBlobs(target, contents, TargetNaming.SAME);
  }

  /**
   * Looks for what {@code source} lacks of {@code images}.
   *
   * @param contents what is known of the target, which has been asked for all blobs in the
   *     repositories that want them
   * @param naming what the source's images are called at the target
   */
  public static UnavailableBlobs of(
      List<PlannedImage> images,
      ImageSource source,
      ImageTarget target,
      BlobPresenceCache contents,
      TargetNaming naming,
      Scheduler scheduler,
      int atOnce)
      throws IOException {
    UnavailableBlobs lacking = new UnavailableBlobs(target, contents, naming);
    PartialSource partial = PartialSource.of(source);
    Map<ProjectBlob, NeededBlob> wanted = new HashMap<>();
    for (PlannedImage image : images) {
      Repository to = image.request().target().repository();
      for (Descriptor blob : image.blobs()) {
        if (!contents.isInProject(to, blob.digest())) {
          partial
              .lacking(blob)
              .ifPresent(
                  where ->
                      wanted.putIfAbsent(
                          ProjectBlob.of(to, blob.digest()), new NeededBlob(blob, where)));
        }
      }
    }
    scheduler.forEach(
        wanted.entrySet(),
        atOnce,
        entry -> {
          ProjectBlob need = entry.getKey();
          Optional<Repository> holder = lacking.found(need, entry.getValue());
          holder.ifPresent(repository -> lacking.found.put(need, repository));
          if (holder.isEmpty()) {
            lacking.missing.put(need, entry.getValue().where());
          }
        });
    return lacking;
  }

  /** What can't be asked for is not found: only the images that need it fail. */
  private Optional<Repository> found(ProjectBlob need, NeededBlob wanted) throws IOException {
    try {
      return holder(need, wanted);
    } catch (TransferException e) {
      return Optional.empty();
    }
  }

  /** A blob in a project of the target. */
  private record ProjectBlob(String project, Digest blob) {
    static ProjectBlob of(Repository repository, Digest blob) {
      return new ProjectBlob(repository.project(), blob);
    }

    static ProjectBlob of(PlannedImage image, Digest blob) {
      return of(image.request().target().repository(), blob);
    }
  }

  private record NeededBlob(Descriptor blob, ExternalBlob where) {}

  private Optional<Repository> holder(ProjectBlob need, NeededBlob wanted) throws IOException {
    Descriptor blob = wanted.blob();
    List<Reference> doubtful = new ArrayList<>();
    for (Reference holder : wanted.where().holders()) {
      Optional<Reference> name = named(holder);
      if (name.isEmpty() || !name.get().repository().project().equals(need.project())) {
        continue;
      }
      Reference named = name.get();
      // By digest: the tag may show something newer by now.
      Reference there = named.digest().map(named::at).orElse(named);
      if (!isShown(there)) {
        doubtful.add(there);
      } else if (contents.has(there.repository(), blob)) {
        return Optional.of(there.repository());
      }
    }
    for (Repository repository :
        doubtful.stream().map(Reference::repository).distinct().limit(ASKED_IN_VAIN).toList()) {
      if (contents.has(repository, blob)) {
        return Optional.of(repository);
      }
    }
    return Optional.empty();
  }

  /** Empty if it can have no name at the target: then it is not there. */
  private Optional<Reference> named(Reference holder) {
    try {
      return Optional.of(naming.of(holder));
    } catch (TransferException e) {
      return Optional.empty();
    }
  }

  private boolean isShown(Reference image) throws IOException {
    Boolean known = shown.get(image);
    if (known == null) {
      known = target.resolve(image).isPresent();
      shown.put(image, known);
    }
    return known;
  }

  /** Whether the blob can't be brought to the image in this run. */
  public boolean contains(PlannedImage image, Digest blob) {
    return missing.containsKey(ProjectBlob.of(image, blob));
  }

  /** All that can't be brought to one image or another. */
  public Set<Digest> digests() {
    return missing.keySet().stream().map(ProjectBlob::blob).collect(Collectors.toSet());
  }

  /** The repositories that have what the source lacks of the image. */
  public Set<Repository> holders(PlannedImage image) {
    return image.blobs().stream()
        .map(blob -> found.get(ProjectBlob.of(image, blob.digest())))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /** Why the image is not even to be begun; empty if it is. */
  public Optional<TransferException> refusal(PlannedImage image) {
    return needsBase(image) ? failure(image) : Optional.empty();
  }

  private boolean needsBase(PlannedImage image) {
    return image.blobs().stream()
        .map(blob -> missing.get(ProjectBlob.of(image, blob.digest())))
        .anyMatch(where -> where != null && where.expectedAtTarget());
  }

  /** Why the image can't be completed: what is missing, and where it is. Empty if it can. */
  public Optional<TransferException> failure(PlannedImage image) {
    Map<String, List<Descriptor>> byPlace = new TreeMap<>();
    for (Descriptor blob : image.blobs()) {
      ExternalBlob where = missing.get(ProjectBlob.of(image, blob.digest()));
      if (where != null) {
        byPlace.computeIfAbsent(where.where(), w -> new ArrayList<>()).add(blob);
      }
    }
    if (byPlace.isEmpty()) {
      return Optional.empty();
    }
    boolean base = needsBase(image);
    List<String> parts = new ArrayList<>();
    byPlace.forEach(
        (where, blobs) -> parts.add("it needs " + where + ", " + inWords(image, blobs)));
    return Optional.of(
        new TransferException(
            base ? FailureKind.BASE : FailureKind.VOLUME,
            String.join("; ", parts) + (base ? ": load that first" : ": load that too")));
  }

  /** What the target should have is listed: nobody else knows. */
  private String inWords(PlannedImage image, List<Descriptor> blobs) {
    if (Objects.requireNonNull(missing.get(ProjectBlob.of(image, blobs.getFirst().digest())))
        .expectedAtTarget()) {
      return "which should have brought "
          + String.join(", ", blobs.stream().map(blob -> blob.digest().toString()).toList());
    }
    return "which has " + blobs.size() + (blobs.size() == 1 ? " blob of it" : " blobs of it");
  }
}
