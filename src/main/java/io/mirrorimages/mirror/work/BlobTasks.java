package io.mirrorimages.mirror.work;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.work.Scheduler.ItemTask;
import io.mirrorimages.mirror.work.Scheduler.Task;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The same work on several blobs of an image, each a task of its own, and what follows when the
 * last of them has ended. A blob that another image's task works on just now is put off until that
 * has ended. After a failure no further blob is begun. Thread-safe.
 */
public final class BlobTasks {
  private final TaskQueue queue;
  private final String host;
  private final Exclusive<Digest> digests;

  /**
   * Tasks for {@code queue}.
   *
   * @param host as for {@link TaskQueue#add}
   * @param digests what is worked on, by all images
   */
  public BlobTasks(TaskQueue queue, String host, Exclusive<Digest> digests) {
    this.queue = queue;
    this.host = host;
    this.digests = digests;
  }

  /** What follows. */
  @FunctionalInterface
  public interface Then {
    /** Does it, with the first failure, if there was one. */
    Optional<Task> after(Optional<Throwable> failure) throws IOException;
  }

  /**
   * Adds the tasks; gives what the calling task is to go on with, which it is if there are none.
   */
  public Optional<Task> begin(Collection<Descriptor> blobs, ItemTask<Descriptor> work, Then then) {
    if (blobs.isEmpty()) {
      return Optional.of(() -> then.after(Optional.empty()));
    }
    BlobBatch round = new BlobBatch(blobs.size(), work, then);
    queue.addFirst(host, blobs.stream().map(round::task).toList());
    return Optional.empty();
  }

  private final class BlobBatch {
    private final AtomicInteger left;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ItemTask<Descriptor> work;
    private final Then then;

    BlobBatch(int blobs, ItemTask<Descriptor> work, Then then) {
      this.left = new AtomicInteger(blobs);
      this.work = work;
      this.then = then;
    }

    Task task(Descriptor blob) {
      return () -> run(blob);
    }

    private Optional<Task> run(Descriptor blob) throws IOException {
      // Also if there is nothing to be done any more: others wait for their turn behind this one.
      if (!digests.take(blob.digest(), () -> queue.addFirst(host, List.of(task(blob))))) {
        return Optional.empty();
      }
      try {
        if (failure.get() == null) {
          work.on(blob);
        }
      } catch (IOException | RuntimeException | StackOverflowError e) {
        failure.compareAndSet(null, e);
      } finally {
        digests.release(blob.digest());
      }
      return left.decrementAndGet() == 0
          ? Optional.of(() -> then.after(Optional.ofNullable(failure.get())))
          : Optional.empty();
    }
  }
}
