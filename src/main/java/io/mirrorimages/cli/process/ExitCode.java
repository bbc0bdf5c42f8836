package io.mirrorimages.cli.process;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import java.io.IOException;
import java.util.List;

/** What the process tells its caller; documented in {@code exit-codes.md}. */
public final class ExitCode {
  /** Everything is where it should be. */
  public static final int DONE = 0;

  /** Some images failed; the others are done. */
  public static final int SOME_FAILED = 1;

  /** The command line or a list is wrong; nothing was done. */
  public static final int USAGE = 2;

  /** Nothing could be done: no access, no space. */
  public static final int NOTHING_DONE = 3;

  /**
   * The deadline came first, or images wait for other volumes: the same command, run again with
   * these, goes on.
   */
  public static final int INCOMPLETE = 4;

  /** Interrupted by Ctrl-C. After SIGTERM it is 143. */
  public static final int INTERRUPTED = 130;

  /**
   * What a kind of failure means to the caller.
   *
   * @param run the code of a run that could not begin, or ended, with it
   * @param images the code of a run in which every image failed with one of these
   */
  public record Meaning(int run, int images) {}

  private static final Meaning WRONGLY_CALLED = new Meaning(USAGE, SOME_FAILED);
  private static final Meaning NO_WAY = new Meaning(NOTHING_DONE, NOTHING_DONE);
  private static final Meaning ABOUT_IMAGES = new Meaning(NOTHING_DONE, SOME_FAILED);

  /** What {@code kind} means; the one table, which {@code exit-codes.md} shows. */
  public static Meaning meaning(FailureKind kind) {
    return switch (kind) {
      case FILE_MISSING, EXISTS, BUSY, OPTION, LIST, ADDRESS -> WRONGLY_CALLED;
      case NETWORK, DENIED, QUOTA, SPACE, SERVICE, FILE_DENIED -> NO_WAY;
      case MISSING, CORRUPT, UNSUPPORTED, FILTERED, BASE, PROGRAM -> ABOUT_IMAGES;
      case DIGEST -> new Meaning(SOME_FAILED, SOME_FAILED);
      case VOLUME -> new Meaning(NOTHING_DONE, INCOMPLETE);
    };
  }

  private ExitCode() {}

  /** The code for a run that ended, or could not begin, with {@code failure}. */
  public static int of(IOException failure) {
    return meaning(Failure.of(failure).reason()).run();
  }

  /** Whether a platform was asked for that no image has; charts and alike have none to ask for. */
  public static boolean isPlatformMissing(List<ImageResult> results) {
    return results.stream().anyMatch(r -> r.status() == Status.SKIPPED)
        && results.stream().allMatch(r -> r.status() == Status.SKIPPED || r.anyPlatform());
  }

  /** Whether it waits for a volume that was not given: nothing is wrong with it. */
  public static boolean isForAnotherVolume(ImageResult result) {
    return result.status() == Status.WAITING
        && result.reason().filter(FailureKind.VOLUME::equals).isPresent();
  }

  /** The code for a run that ended with {@code results}, and not by a signal. */
  public static int of(List<ImageResult> results) {
    if (results.stream().anyMatch(r -> r.status() == Status.UNFINISHED)) {
      return INCOMPLETE;
    }
    if (results.stream().allMatch(r -> r.status().isSettled())) {
      return isPlatformMissing(results) ? SOME_FAILED : DONE;
    }
    if (results.stream().allMatch(r -> r.status().isSettled() || isForAnotherVolume(r))) {
      return INCOMPLETE;
    }
    boolean nothing =
        results.stream()
            .allMatch(
                r ->
                    r.status() == Status.FAILED
                        && r.reason().filter(k -> meaning(k).images() == NOTHING_DONE).isPresent());
    return nothing ? NOTHING_DONE : SOME_FAILED;
  }
}
