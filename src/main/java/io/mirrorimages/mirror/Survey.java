package io.mirrorimages.mirror;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is asked of a target before anything is sent: for every blob in every repository that wants
 * it, since what is in one of them is not sent to another. Where a repository shows no image that
 * can be left to the uploads, which find what is there by themselves.
 */
final class Survey {
  /**
   * What it costs, in bytes worth moving, to learn from one unchanged image what can be mounted
   * from it.
   */
  private static final long WORTH_LEARNING = 256 * 1024;

  private final ImageTarget target;
  private final TargetContents contents;
  private final Workers workers;
  private final int atOnce;
  private final Set<Repository> unused = ConcurrentHashMap.newKeySet();

  /**
   * A survey that has asked nothing yet.
   *
   * @param contents where the answers go
   */
  Survey(ImageTarget target, TargetContents contents, Workers workers, int atOnce) {
    this.target = target;
    this.contents = contents;
    this.workers = workers;
    this.atOnce = atOnce;
  }

  /**
   * Leaves to the uploads what can be: looks which repositories of {@code images} are unused. In
   * those of {@code settled} images something is, and where an image has no tag nothing can be said
   * of the others.
   */
  void leaveToUploads(List<PlannedImage> images, List<ImageResult> settled) throws IOException {
    Set<Repository> doubtful = new HashSet<>();
    Set<Repository> inUse = new HashSet<>();
    settled.stream()
        .filter(result -> result.status() == Status.UNCHANGED)
        .forEach(result -> inUse.add(result.request().target().repository()));
    for (PlannedImage image : images) {
      boolean tagged = image.request().target().tag().isPresent();
      (tagged ? doubtful : inUse).add(image.request().target().repository());
    }
    doubtful.removeAll(inUse);
    workers.forEach(
        doubtful,
        atOnce,
        repository -> {
          if (target.isUnused(repository)) {
            unused.add(repository);
          }
        });
  }

  /** Asks for the blobs of {@code images}; in any case for those that {@code source} lacks. */
  void ask(List<PlannedImage> images, ImageSource source) throws IOException {
    Map<Place, Descriptor> questions = new HashMap<>();
    for (PlannedImage image : images) {
      Repository repository = image.request().target().repository();
      for (Descriptor blob : image.blobs()) {
        if (!unused.contains(repository) || source.lacking(blob).isPresent()) {
          questions.putIfAbsent(new Place(repository, blob.digest()), blob);
        }
      }
    }
    workers.forEach(
        questions.entrySet(),
        atOnce,
        question -> contents.has(question.getKey().repository(), question.getValue()));
  }

  /** Learns from unchanged images what can be mounted from them, where that saves enough. */
  void learn(List<PlannedImage> images, List<ImageResult> settled) throws IOException {
    List<ImageResult> unchanged =
        settled.stream().filter(result -> result.status() == Status.UNCHANGED).toList();
    Set<Digest> present = contents.present();
    Map<Digest, Descriptor> wanted = new HashMap<>();
    long missing = 0;
    for (PlannedImage image : images) {
      for (Descriptor blob : image.blobs()) {
        if (!present.contains(blob.digest()) && wanted.putIfAbsent(blob.digest(), blob) == null) {
          missing += blob.size();
        }
      }
    }
    if (missing > unchanged.size() * WORTH_LEARNING) {
      contents.learn(unchanged, wanted, workers, atOnce);
    }
  }

  /** Whether of some blob of {@code images} nothing is known: the target may have it. */
  boolean isOpen(List<PlannedImage> images) {
    return images.stream()
        .filter(image -> unused.contains(image.request().target().repository()))
        .flatMap(image -> image.blobs().stream())
        .anyMatch(blob -> contents.isUnknown(blob.digest()));
  }

  private record Place(Repository repository, Digest digest) {}
}
