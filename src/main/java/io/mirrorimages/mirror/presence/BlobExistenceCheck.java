package io.mirrorimages.mirror.presence;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestGraph;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.Phase;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.EmptyRepositoryCheck;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.ReadableTarget;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a target is asked before anything is sent: for every blob in every repository that wants it,
 * since what one of them has is not sent to another. Of a repository that shows no image one
 * question is enough, where the target lets the uploads find what it has all the same.
 */
public final class BlobExistenceCheck {
  /**
   * What it costs, in bytes worth moving, to learn from one unchanged image what can be mounted
   * from it.
   */
  private static final long WORTH_LEARNING = 256 * 1024;

  private final ImageTarget target;
  private final BlobPresenceCache contents;
  private final Scheduler scheduler;
  private final int atOnce;
  private final List<PlannedImage> images;
  private final List<ImageResult> unchanged;
  private final RunListener listener;

  /**
   * A survey that makes {@code contents} of {@code target}.
   *
   * @param images what is to be brought there
   * @param settled what is not; of that, the unchanged images are there
   * @param listener gets the steps
   */
  public BlobExistenceCheck(
      ImageTarget target,
      BlobPresenceCache contents,
      Scheduler scheduler,
      int atOnce,
      List<PlannedImage> images,
      List<ImageResult> settled,
      RunListener listener) {
    this.target = target;
    this.contents = contents;
    this.scheduler = scheduler;
    this.atOnce = atOnce;
    this.images = images;
    this.listener = listener;
    this.unchanged = settled.stream().filter(r -> r.status() == Status.UNCHANGED).toList();
  }

  /**
   * Asks.
   *
   * @param lacking what the source does not have, so that it must be found before anything begins
   */
  public void ask(Predicate<Descriptor> lacking) throws IOException {
    Map<Question, Descriptor> questions = questions();
    EmptyRepositoryCheck check = EmptyRepositoryCheck.of(target);
    scheduler.forEach(
        perhapsBlank(questions.keySet()),
        atOnce,
        repository -> {
          if (check.isEmpty(repository)) {
            contents.leaveToUploads(repository);
          }
        });
    questions
        .entrySet()
        .removeIf(q -> contents.isBlank(q.getKey().repository()) && !lacking.test(q.getValue()));
    listener.on(new RunEvent.StepsAdded(Phase.TARGET, questions.size()));
    scheduler.forEach(
        questions.entrySet(),
        atOnce,
        q -> {
          ask(q.getKey().repository(), q.getValue());
          listener.on(new RunEvent.StepEnded(Phase.TARGET));
        });
    learnFromUnchanged();
  }

  /** What the target does not answer is the images' trouble, not that of the run. */
  private void ask(Repository repository, Descriptor blob) throws IOException {
    try {
      contents.has(repository, blob);
    } catch (TransferException e) {
      if (scheduler.isStopped()) {
        throw Scheduler.interrupted();
      }
    }
  }

  private record Question(Repository repository, Digest digest) {}

  private Map<Question, Descriptor> questions() {
    Map<Question, Descriptor> questions = new HashMap<>();
    for (PlannedImage image : images) {
      Repository repository = image.request().target().repository();
      image
          .blobs()
          .forEach(blob -> questions.putIfAbsent(new Question(repository, blob.digest()), blob));
    }
    return questions;
  }

  /** For one blob it would be as many questions; and images without a tag are not told of. */
  private Set<Repository> perhapsBlank(Set<Question> questions) {
    Map<Repository, Integer> blobs = new HashMap<>();
    questions.forEach(place -> blobs.merge(place.repository(), 1, Integer::sum));
    blobs.values().removeIf(count -> count == 1);
    unchanged.forEach(image -> blobs.remove(image.request().target().repository()));
    images.stream()
        .map(image -> image.request().target())
        .filter(name -> name.tag().isEmpty())
        .forEach(name -> blobs.remove(name.repository()));
    return blobs.keySet();
  }

  /**
   * Learns from images that are at the target already which blobs can be mounted from them, if that
   * is worth it. What can't be read is passed over: it only costs the chance to mount.
   */
  private void learnFromUnchanged() throws IOException {
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
    if (missing <= unchanged.size() * WORTH_LEARNING) {
      return;
    }
    scheduler.forEach(
        unchanged,
        atOnce,
        image -> {
          try {
            learnFrom(image.request().target(), image.targetDigest().orElseThrow(), wanted);
          } catch (IOException | RuntimeException e) {
            if (scheduler.isStopped()) {
              throw Scheduler.interrupted();
            }
          }
        });
  }

  private void learnFrom(Reference image, Digest top, Map<Digest, Descriptor> wanted)
      throws IOException {
    Descriptor root = new Descriptor("", top, 0);
    ReadableTarget readable = ReadableTarget.of(target);
    new ManifestGraph(entry -> readable.manifest(image.at(entry.digest())))
        .walk(root, (entry, manifest) -> learnFrom(image.repository(), manifest, wanted));
  }

  private void learnFrom(Repository repository, Manifest manifest, Map<Digest, Descriptor> wanted) {
    for (Descriptor blob : manifest.blobs()) {
      Descriptor same = wanted.get(blob.digest());
      if (same != null && same.size() == blob.size()) {
        contents.learn(repository, blob.digest());
      }
    }
  }
}
