package io.mirrorimages.job;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.util.List;

/**
 * What a job tells while it runs, besides what the engine does. Lines are for people, and may have
 * marks of {@link io.mirrorimages.failure.Setting settings}. Calls come from several threads.
 */
@FunctionalInterface
public interface JobListener extends RunListener {
  /** Ignores all of it. */
  JobListener NONE = event -> {};

  /** What the job does next, or has kept. */
  default void note(String line) {}

  /** Advice, or a warning: nothing has failed because of it. */
  default void hint(String line) {}

  /** A project was created at the target. */
  default void projectCreated(String line) {}

  /** All blobs are there; what is left takes little time, and no deadline should spoil it. */
  default void finishing() {}

  /** Tells the end of images that the engine does not know. */
  default void ended(List<ImageResult> results) {
    results.forEach(result -> on(new RunEvent.ImageEnded(result)));
  }
}
