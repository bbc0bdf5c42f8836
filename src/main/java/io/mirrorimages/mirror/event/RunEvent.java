package io.mirrorimages.mirror.event;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Repository;
import io.mirrorimages.mirror.Direction;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.Wait;
import java.time.Duration;

/**
 * What happens in a run: the only way by which the engine and the rooms around it report anything
 * while the run goes on. Immutable, and free of secrets.
 */
public sealed interface RunEvent {
  /**
   * The plan will request manifests of a registry that counts them. Reported before the requests,
   * and again for the same registry when more is known.
   */
  record PullsForeseen(PullForecast forecast) implements RunEvent {}

  /** The plan is complete; the transfer begins. */
  record PlanMade(Plan plan) implements RunEvent {}

  /** The transfer or the check of an image begins. */
  record ImageStarted(ImageRequest request) implements RunEvent {}

  /** An image has ended; reported once for each, also for one that was never started. */
  record ImageEnded(ImageResult result) implements RunEvent {}

  /** The transfer of a blob to a repository begins, by mount or by upload. */
  record BlobStarted(Descriptor blob, Repository target) implements RunEvent {}

  /**
   * The transfer of a blob has ended.
   *
   * @param bytes how many were needed for it: 0 if it was mounted, or failed
   * @param arrived whether the target has it now
   */
  record BlobEnded(Descriptor blob, Repository target, long bytes, boolean arrived)
      implements RunEvent {}

  /**
   * Bytes of a blob were read from its source, or hashed by a check.
   *
   * @param position the first of them, counted from 0
   * @param bytes how many; 1 or more
   */
  record BlobRead(Digest blob, long position, int bytes) implements RunEvent {}

  /** Bytes of a blob crossed a line: 1 or more, and all in one direction. */
  record BlobAdvanced(Digest blob, Direction direction, long bytes) implements RunEvent {}

  /** The run waits for a host for a second or more, or such a wait has ended. */
  record Waiting(Wait details) implements RunEvent {}

  /**
   * Something failed and is tried again.
   *
   * @param retry the number of the next retry, counted from 1
   * @param pause the time until then
   * @param failure why it failed, in one line
   */
  record Retrying(int retry, Duration pause, String failure) implements RunEvent {
    /** The same policy, which reports each retry to {@code listener}. */
    public static Retries reported(Retries retries, RunListener listener) {
      return retries.reporting(
          pause ->
              listener.on(
                  new Retrying(pause.retry(), pause.time(), Failure.of(pause.cause()).message())));
    }
  }

  /**
   * One of several endpoints did not serve what was requested; the next one is tried. Reported once
   * for each endpoint and content.
   *
   * @param endpoint its address
   * @param content a digest, or the full name of an image
   * @param reason why, in one line
   */
  record EndpointSkipped(String endpoint, String content, String reason) implements RunEvent {}

  /**
   * A project that the images need is now at the target.
   *
   * @param name the project
   * @param text how it came to be, in one line
   */
  record ProjectCreated(String name, String text) implements RunEvent {}

  /** What the run does next, has kept, or would do, in one line. */
  record Note(String text) implements RunEvent {}

  /** Something the user should know, in one line; no failure. */
  record Hint(String text) implements RunEvent {}
}
