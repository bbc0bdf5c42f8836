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
import org.jspecify.annotations.Nullable;

/**
 * Tasks for many images that end in one result for each, reported to the listener, also when they
 * are stopped in the middle. Not thread-safe.
 */
public final class EachImage {
  private final TaskQueue queue;
  private final RunListener listener;
  private final List<Running> begun = new ArrayList<>();

  /** The tasks stand in {@code queue}, which the caller closes. */
  public EachImage(TaskQueue queue, RunListener listener) {
    this.queue = queue;
    this.listener = listener;
  }

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

  /** A job and its result, which a thread of the scheduler sets. */
  private static final class Running {
    private final Job job;
    private volatile @Nullable ImageResult result;

    Running(Job job) {
      this.job = job;
    }
  }

  /**
   * Does all jobs; their tasks stand in {@code queue}.
   *
   * @return the results in the order of the jobs; {@link Status#UNFINISHED} for what was stopped
   */
  public static List<ImageResult> in(
      List<? extends Job> jobs, TaskQueue queue, RunListener listener) {
    EachImage images = new EachImage(queue, listener);
    images.begin(jobs);
    return images.end();
  }

  /** Adds the jobs' tasks behind those that were begun before; does not wait for them. */
  public void begin(List<? extends Job> jobs) {
    for (Job job : jobs) {
      Running running = new Running(job);
      begun.add(running);
      queue.add(
          job.host(),
          List.of(
              () -> {
                listener.on(new RunEvent.ImageStarted(job.unfinished().request()));
                return job.begin(end -> ended(running, end));
              }));
    }
  }

  private Optional<Task> ended(Running running, ImageResult result) {
    running.result = result;
    listener.on(new RunEvent.ImageEnded(result));
    return Optional.empty();
  }

  /**
   * Waits for all jobs.
   *
   * @return the results in the order of the jobs; {@link Status#UNFINISHED} for what was stopped
   */
  public List<ImageResult> end() {
    try {
      queue.await();
    } catch (IOException e) {
      // Only a stopped run ends here: each image keeps its failures to itself.
    }
    List<ImageResult> all = new ArrayList<>();
    for (Running running : begun) {
      ImageResult result = running.result;
      if (result == null) {
        result = running.job.unfinished();
        ended(running, result);
      }
      all.add(result);
    }
    return all;
  }
}
