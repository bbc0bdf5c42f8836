package io.mirrorimages.mirror.work;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.work.Scheduler.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Tasks for many images that end in one result for each, told to the listener, also when they are
 * stopped in the middle.
 */
public final class EachImage {
  private EachImage() {}

  /** The tasks of one image. */
  public interface Job {
    /** The host that its tasks need, as for {@link TaskQueue#add}. */
    String host();

    /**
     * Begins; a task of the queue. The image's failures become its result.
     *
     * @param result gets that, once, when the last of the image's tasks has ended
     */
    Optional<Task> begin(Result result) throws IOException;

    /** The result of what was begun, or not even that, and has not ended. */
    ImageResult unfinished();
  }

  /** Where an image's result goes. */
  @FunctionalInterface
  public interface Result {
    /** Takes it; gives what ends the image's last task. */
    Optional<Task> is(ImageResult result);
  }

  /**
   * Does all jobs; their tasks stand in {@code queue}.
   *
   * @return the results in the order of the jobs; {@link Status#UNFINISHED} for what was stopped
   */
  public static List<ImageResult> in(
      List<? extends Job> jobs, TaskQueue queue, RunListener listener) {
    AtomicReferenceArray<ImageResult> results = new AtomicReferenceArray<>(jobs.size());
    for (int i = 0; i < jobs.size(); i++) {
      int number = i;
      Job job = jobs.get(i);
      Result result =
          end -> {
            results.set(number, end);
            listener.on(new RunEvent.ImageEnded(end));
            return Optional.empty();
          };
      queue.add(
          job.host(),
          List.of(
              () -> {
                listener.on(new RunEvent.ImageStarted(job.unfinished().request()));
                return job.begin(result);
              }));
    }
    try {
      queue.await();
    } catch (IOException e) {
      // Only a stopped run ends here: each image keeps its failures to itself.
    }
    List<ImageResult> all = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      if (results.get(i) == null) {
        results.set(i, jobs.get(i).unfinished());
        listener.on(new RunEvent.ImageEnded(results.get(i)));
      }
      all.add(results.get(i));
    }
    return all;
  }
}
