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
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

  /**
   * A phase has so many steps more, or begins with them. The images of each registry enter a phase
   * by themselves, so that phases overlap.
   *
   * @param steps 0 or more
   */
  record StepsAdded(Phase phase, int steps) implements RunEvent {}

  /** A step of a phase has ended, whatever came of it. */
  record StepEnded(Phase phase) implements RunEvent {}

  /** The plan is complete; the transfer begins. */
  record PlanMade(Plan plan) implements RunEvent {}

  /** What a run would do with an image; reported only where the plan is all that is wanted. */
  record ImagePlanned(PlannedImage image) implements RunEvent {}

  /** The transfer or the check of an image begins. */
  record ImageStarted(ImageRequest request) implements RunEvent {}

  /** An image has ended; reported once for each, also for one that was never started. */
  record ImageEnded(ImageResult result) implements RunEvent {}

  /** The transfer of a blob to a repository begins, by mount or by upload, or its check there. */
  record BlobStarted(Descriptor blob, Repository target) implements RunEvent {}

  /**
   * The transfer or the check of a blob has ended.
   *
   * @param bytes how many were needed for it: 0 if it was mounted, or failed
   * @param arrived whether the target has it now, whole
   */
  record BlobEnded(Descriptor blob, Repository target, long bytes, boolean arrived)
      implements RunEvent {}

  /**
   * Bytes of a blob were read from its source, or hashed by a check. Many reads of a stream are
   * reported together, about ten times a second while it brings bytes, and at its end.
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

  /**
   * A compressed archive is being unpacked; reported at the beginning, from time to time, and at
   * the end.
   *
   * @param archive its path
   * @param copy the path of what it becomes
   * @param bytes how many of its bytes were read
   * @param size how many it has
   */
  record Unpacking(String archive, String copy, long bytes, long size) implements RunEvent {}

  /**
   * How far the same is, between those events: about ten times a second.
   *
   * @param archive its path
   * @param bytes how many of its bytes were read
   * @param size how many it has
   */
  record UnpackingAdvanced(String archive, long bytes, long size) implements RunEvent {}

  /** What the run does next, has kept, or would do, in one line. */
  record Note(String text) implements RunEvent {}

  /** Something the user should know, in one line; no failure. */
  record Hint(String text) implements RunEvent {}

  /**
   * The images of a run are known, and none is done.
   *
   * @param command the subcommand
   * @param images how many there are
   */
  record RunStarted(String command, int images) implements RunEvent {}

  /**
   * How far a run is; reported from time to time where nobody watches.
   *
   * @param ended how many images have come to their end
   * @param images how many there are
   * @param bytes how many were read
   * @param total how many the plans ask for; 0 before the first plan
   * @param rate bytes a second, as in the last seconds
   * @param left the time until the end at that rate; empty if it can't be told
   * @param standstill for how long nothing has moved
   */
  record Progressed(
      long ended,
      long images,
      long bytes,
      long total,
      long rate,
      Optional<Duration> left,
      Duration standstill)
      implements RunEvent {}

  /** The run is stopped before its end: what it keeps, and how to resume it, in one line. */
  record Interrupted(String text) implements RunEvent {}

  /**
   * All images have come to their end.
   *
   * @param images what they came to
   * @param time how long it took
   * @param closing what was made, and what to do next, in a few lines
   */
  record ImagesEnded(List<ImageResult> images, Duration time, List<String> closing)
      implements RunEvent {
    /** A copy of the lists. */
    public ImagesEnded {
      images = List.copyOf(images);
      closing = List.copyOf(closing);
    }
  }

  /**
   * The run has ended; the last event.
   *
   * @param exitCode what the process returns
   * @param failure what ended it, if that is no affair of single images
   */
  record RunEnded(int exitCode, Optional<Failure> failure) implements RunEvent {}
}
