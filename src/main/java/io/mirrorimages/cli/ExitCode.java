package io.mirrorimages.cli;

import io.mirrorimages.failure.MirrorException;
import io.mirrorimages.failure.Reason;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Status;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the process tells its caller; documented in {@code exit-codes.md}. */
final class ExitCode {
  /** Everything is where it should be. */
  static final int DONE = 0;

  /** Some images failed; the others are done. */
  static final int SOME_FAILED = 1;

  /** The command line or a list is wrong; nothing was done. */
  static final int USAGE = 2;

  /** Nothing could be done: no access, no space. */
  static final int NOTHING_DONE = 3;

  /**
   * The deadline came first, or images wait for other volumes: the same command, run again with
   * these, goes on.
   */
  static final int INCOMPLETE = 4;

  /** Interrupted by Ctrl-C. After SIGTERM it is 143. */
  static final int INTERRUPTED = 130;

  private static final Set<Reason> NO_ACCESS_OR_SPACE =
      EnumSet.of(Reason.NETWORK, Reason.DENIED, Reason.QUOTA, Reason.SPACE);

  private static final Set<Reason> NAMED_WRONGLY = EnumSet.of(Reason.MISSING, Reason.UNSUPPORTED);

  private ExitCode() {}

  /**
   * The code for a run that ended, or could not begin, with {@code failure}: what is said about a
   * file is about one that the command line names, and that does not exist or must not.
   */
  static int of(MirrorException failure) {
    return NAMED_WRONGLY.contains(failure.reason()) ? USAGE : NOTHING_DONE;
  }

  /** Whether a platform was asked for that no image has; charts and alike have none to ask for. */
  static boolean isPlatformMissing(List<ImageResult> results) {
    return results.stream().anyMatch(r -> r.status() == Status.SKIPPED)
        && results.stream().allMatch(r -> r.status() == Status.SKIPPED || r.anyPlatform());
  }

  /** Whether it waits for a volume that was not given: nothing is wrong with it. */
  static boolean isForAnotherVolume(ImageResult result) {
    return result.status() == Status.WAITING
        && result.reason().filter(Reason.VOLUME::equals).isPresent();
  }

  /** The code for a run that ended with {@code results}, and not by a signal. */
  static int of(List<ImageResult> results) {
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
                        && r.reason().map(NO_ACCESS_OR_SPACE::contains).orElse(false));
    return nothing ? NOTHING_DONE : SOME_FAILED;
  }
}
