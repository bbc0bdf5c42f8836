package io.mirrorimages.mirror.presence;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.port.ImageTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What is known of the blobs at the target: which repository has them, and which was asked and has
 * not. Nothing is asked twice within an hour, and what blank repositories have is left to the
 * uploads, which find it. Thread-safe.
 */
public final class BlobPresenceCache {
  /**
   * How long it is believed that a blob is still there. Harbor clears away what no manifest names
   * after two hours, counted anew from each question for it.
   */
  private static final Duration BELIEVED = Duration.ofHours(1);

  private final ImageTarget target;
  private final LongSupplier nanoTime;
  private final Map<Digest, Map<Repository, Answer>> known = new ConcurrentHashMap<>();
  private final Set<Repository> blank = ConcurrentHashMap.newKeySet();
  // Where manifests say a blob is: good for a mount, which may fail, and not for leaving it out.
  private final Map<Digest, Set<Repository>> learned = new ConcurrentHashMap<>();

  public BlobPresenceCache(ImageTarget target) {
    this(target, System::nanoTime);
  }

  public BlobPresenceCache(ImageTarget target, LongSupplier nanoTime) {
    this.target = target;
    this.nanoTime = nanoTime;
  }

  /** What the target said, when by {@link #nanoTime}, and whether a manifest put there names it. */
  private record Answer(boolean there, long at, boolean named) {}

  /** Whether the repository has the blob; asks the target if that is not known, or old. */
  public boolean has(Repository repository, Descriptor blob) throws IOException {
    Map<Repository, Answer> places = places(blob.digest());
    Answer answer = places.get(repository);
    if (answer == null || isOld(answer)) {
      answer = answer(target.has(repository, blob));
      places.put(repository, answer);
    }
    return answer.there();
  }

  /** Whether it is long ago that the repository was known to have the blob. */
  public boolean isOld(Repository repository, Digest blob) {
    Answer answer = places(blob).get(repository);
    return answer != null && isOld(answer);
  }

  private boolean isOld(Answer answer) {
    return answer.there() && nanoTime.getAsLong() - answer.at() > BELIEVED.toNanos();
  }

  private Answer answer(boolean there) {
    return new Answer(there, nanoTime.getAsLong(), false);
  }

  /** Notes that the repository has the blob now. */
  public void add(Repository repository, Digest blob) {
    places(blob).put(repository, answer(true));
  }

  /** Is not sure any more whether the repository has the blob: the next one asks. */
  public void forget(Repository repository, Digest blob) {
    blank.remove(repository);
    places(blob).remove(repository);
  }

  /** Leaves it to the uploads to find out what the repository has. */
  void leaveToUploads(Repository repository) {
    blank.add(repository);
  }

  /** Whether nobody asks for the repository's blobs one by one. */
  boolean isBlank(Repository repository) {
    return blank.contains(repository);
  }

  /** Notes that a manifest which the repository shows names the blob. */
  void learn(Repository repository, Digest blob) {
    learned.computeIfAbsent(blob, d -> ConcurrentHashMap.newKeySet()).add(repository);
  }

  /** Whether the upload of the blob is to find out if the repository has it. */
  public boolean isLeftToUpload(Repository repository, Digest blob) {
    return isBlank(repository) && !places(blob).containsKey(repository);
  }

  /** Notes that a manifest of the repository names these blobs, which it has. */
  public void named(Repository repository, Collection<Descriptor> blobs) {
    for (Descriptor blob : blobs) {
      places(blob.digest())
          .computeIfPresent(repository, (r, known) -> new Answer(true, known.at(), true));
    }
  }

  /**
   * A repository of the same registry that is known to have the blob, to mount it from: best one
   * where a manifest names it, since ECR lets no other be mounted.
   */
  public Optional<Repository> holder(Repository wanting, Digest blob) {
    return holders(wanting, blob).findFirst();
  }

  /** As {@link #holder}, in the same project. */
  public Optional<Repository> holderInProject(Repository wanting, Digest blob) {
    return holders(wanting, blob).filter(wanting::isInProjectOf).findFirst();
  }

  /** Whether the repository, or another one of its project, is known to have the blob. */
  boolean isInProject(Repository wanting, Digest blob) {
    Answer own = places(blob).get(wanting);
    return (own != null && own.there()) || holderInProject(wanting, blob).isPresent();
  }

  private Stream<Repository> holders(Repository wanting, Digest blob) {
    Stream<Repository> seen =
        places(blob).entrySet().stream()
            .filter(e -> e.getValue().there())
            .sorted(Comparator.comparing(e -> !e.getValue().named()))
            .map(Map.Entry::getKey);
    return Stream.concat(seen, learned.getOrDefault(blob, Set.of()).stream())
        .filter(place -> place.registry().equals(wanting.registry()) && !place.equals(wanting));
  }

  /** The blobs that are known, or said, to be in at least one repository. */
  public Set<Digest> present() {
    Set<Digest> present = new HashSet<>(learned.keySet());
    known.forEach(
        (digest, places) -> {
          if (places.values().stream().anyMatch(Answer::there)) {
            present.add(digest);
          }
        });
    return present;
  }

  private Map<Repository, Answer> places(Digest digest) {
    // Most blobs are in one place, and there are half a million in 100,000 images.
    return known.computeIfAbsent(digest, d -> new ConcurrentHashMap<>(1));
  }
}
