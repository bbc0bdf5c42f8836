package io.mirrorimages.job;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Units;
import java.util.List;

/**
 * Receives the events of a job: those of the engine, and what only a job knows. Lines are for
 * people, and may have marks of {@link io.mirrorimages.failure.Setting settings}.
 *
 * <p>{@link #on} is called from many threads at once, the others only from the thread that runs the
 * job; all of them return quickly and never throw.
 */
@FunctionalInterface
public interface JobListener extends RunListener {
  /** Ignores all of it. */
  JobListener NONE = event -> {};

  /** Sends a {@link RunEvent.Note}: what the job does next, has kept, or would do, in one line. */
  default void note(String line) {
    on(new RunEvent.Note(line));
  }

  /**
   * Says that an earlier run was interrupted and is resumed.
   *
   * @param bytes what the target has of layers that are not whole; nothing is said of 0
   */
  default void resuming(long bytes) {
    if (bytes > 0) {
      note("resuming: the target has " + Units.bytes(bytes) + " of unfinished layers");
    }
  }

  /** Says what is kept for the next run, of a job that is stopped. */
  default void keeping(String text) {
    note(text);
  }

  /** All blobs are there; the rest takes little time, and a deadline should not interrupt it. */
  default void finishing() {}

  /** Reports the end of images that the engine does not get. */
  default void ended(List<ImageResult> results) {
    results.forEach(result -> on(new RunEvent.ImageEnded(result)));
  }
}
