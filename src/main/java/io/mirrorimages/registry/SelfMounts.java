package io.mirrorimages.registry;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Where an upload may begin as a mount from the very repository it goes to (distribution-spec
 * end-11), which asks whether the blob is there and begins to send it in one request: 201 if it is,
 * 202 if not. Thread-safe.
 *
 * <p>Only in repositories that show no image. Distribution 2.8 writes the blob's link anew, and
 * answers 500 to whoever reads it in that moment: of two clients that read what a third mounted
 * over and over, one request in 15 failed.
 *
 * <p>And only at registries that have shown with a blob just sent that they say 201 of it. One that
 * mounts nothing, or like ECR only what a manifest names, would get again what a broken run left.
 */
final class SelfMounts {
  /** What is cheaper to send than to ask for, and so can be the trial. */
  private static final long SMALL = 64 * 1024;

  /** How long other blobs wait for the trial's outcome before they are asked for. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Set<Repository> unused = ConcurrentHashMap.newKeySet();
  private final Map<String, Trial> trials = new ConcurrentHashMap<>();

  /** The first small blob that goes to a registry, with which it is tried. */
  private static final class Trial {
    private final Repository repository;
    private final Digest blob;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean good;
    private volatile boolean refused;

    Trial(Repository repository, Digest blob) {
      this.repository = repository;
      this.blob = blob;
    }

    boolean isOf(Repository place, Digest digest) {
      return repository.equals(place) && blob.equals(digest);
    }

    boolean isUnderWay() {
      return ended.getCount() > 0;
    }

    void end(boolean found) {
      good = found;
      ended.countDown();
    }

    /** Nobody waits a second time for a trial that takes long. */
    boolean outcome() {
      try {
        if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          ended.countDown();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return good;
    }
  }

  /** Notes that a repository shows no image. */
  void isUnused(Repository repository) {
    unused.add(repository);
  }

  /**
   * Whether an upload there may begin so; waits up to two seconds until that is known.
   *
   * @param whole whether the blob goes up in one piece
   */
  boolean suit(Repository repository, Descriptor blob, boolean whole) {
    if (!unused.contains(repository)) {
      return false;
    }
    Trial trial =
        whole && blob.size() <= SMALL
            ? trials.computeIfAbsent(
                repository.registry(), r -> new Trial(repository, blob.digest()))
            : trials.get(repository.registry());
    return trial != null
        && (trial.isUnderWay() && trial.isOf(repository, blob.digest()) || trial.outcome());
  }

  /** The registry has found a blob so. */
  void found(Repository repository) {
    trials.get(repository.registry()).end(true);
  }

  /** The registry refuses it: it is asked in the usual way from now on. */
  void areRefusedAt(Repository repository) {
    Trial trial = trials.get(repository.registry());
    trial.refused = true;
    trial.end(false);
  }

  /** Makes the trial, if this blob, which was just stored, is the one for it. */
  void stored(UploadCalls calls) {
    Repository repository = calls.repository();
    Trial trial = trials.get(repository.registry());
    boolean open = trial != null && !trial.good && !trial.refused;
    if (open && trial.isOf(repository, calls.blob().digest())) {
      trial.end(finds(calls));
    }
  }

  /** This blob will not be stored by the upload that was to be the trial: another may be it. */
  void notStored(UploadCalls calls) {
    Repository repository = calls.repository();
    Trial trial = trials.get(repository.registry());
    if (trial != null && trial.isUnderWay() && trial.isOf(repository, calls.blob().digest())) {
      trials.remove(repository.registry(), trial);
      trial.end(false);
    }
  }

  /** One request: what goes wrong here costs no more than the requests that would be saved. */
  private static boolean finds(UploadCalls calls) {
    try (Answer answer = calls.mount(calls.repository())) {
      if (answer.status() == 202) {
        calls.cancel(calls.session(answer).location());
        return false;
      }
      answer.finish();
      return answer.status() == 201;
    } catch (IOException e) {
      return false;
    }
  }
}
