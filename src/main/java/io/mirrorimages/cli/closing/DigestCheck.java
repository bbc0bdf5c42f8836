package io.mirrorimages.cli.closing;

import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.job.ExpectedDigests;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fails a run whose images are all there, but some with another digest than expected. */
public final class DigestCheck {
  /** How many of many images are named in one line; the results of the images name all. */
  private static final int SHOWN = 5;

  private final List<ExpectedDigests> expected = new ArrayList<>();
  private final Optional<ExpectedDigests> file;
  private final boolean filtered;
  private final List<String> lost = new ArrayList<>();

  /**
   * A check.
   *
   * @param list what a list of images pins, as far as it must be there
   * @param file what a file of digests gives, of which the kept are named too; empty without one
   * @param filtered whether a platform filter may leave images other digests
   */
  public DigestCheck(ExpectedDigests list, Optional<ExpectedDigests> file, boolean filtered) {
    this.file = file;
    this.filtered = filtered;
    expected.add(list);
    file.ifPresent(expected::add);
  }

  /** One that expects nothing. */
  public static DigestCheck none() {
    return new DigestCheck(ExpectedDigests.of("", List.of()), Optional.empty(), false);
  }

  /**
   * The same result; its message names the digest that the image should have, if it has another.
   */
  public ImageResult telling(ImageResult result) {
    for (ExpectedDigests digests : expected) {
      Optional<String> other =
          digests
              .lost(result)
              .map(digest -> "its digest in %s is %s".formatted(digests.origin(), digest));
      if (other.isPresent()) {
        return result.remarked(other.get());
      }
    }
    return result;
  }

  /**
   * Compares the images when they have ended.
   *
   * @param exitCode what their results come to without this
   * @param hints receives how many digests of the file were kept
   * @return what they come to with it
   */
  public int code(List<ImageResult> results, int exitCode, RunListener hints) {
    for (ExpectedDigests digests : expected) {
      List<String> others = digests.lost(results);
      if (!others.isEmpty()) {
        lost.add(
            Units.count(others.size(), "digest")
                + " of "
                + digests.origin()
                + " lost: "
                + some(others));
      }
    }
    file.ifPresent(digests -> hints.on(new RunEvent.Hint(counts(digests, results))));
    return exitCode == ExitCode.DONE && !lost.isEmpty()
        ? ExitCode.meaning(FailureKind.DIGEST).run()
        : exitCode;
  }

  private static String counts(ExpectedDigests digests, List<ImageResult> results) {
    long listed = results.stream().filter(r -> digests.has(r.request().source())).count();
    long compared = results.stream().filter(digests::isCompared).count();
    int lost = digests.lost(results).size();
    return "digests of %s: %d kept, %d lost%s%s"
        .formatted(
            digests.origin(),
            compared - lost,
            lost,
            listed == compared
                ? ""
                : "; " + Units.count(listed - compared, "image") + " not there to be compared",
            listed == results.size()
                ? ""
                : "; " + Units.count(results.size() - listed, "image") + " without one there");
  }

  /**
   * Ends the command.
   *
   * @param exitCode what all else comes to
   * @return the same
   * @throws TransferException {@link FailureKind#DIGEST} if digests were lost, and nothing worse
   *     happened
   */
  public int end(int exitCode) throws TransferException {
    boolean worst = exitCode == ExitCode.DONE || exitCode == ExitCode.SOME_FAILED;
    if (worst && !lost.isEmpty()) {
      throw new TransferException(
          FailureKind.DIGEST,
          String.join("; ", lost)
              + (filtered
                  ? "; an image of some of its platforms has a digest of its own: leave out the"
                      + " filter, or compare with digests of such images"
                  : ""));
    }
    return exitCode;
  }

  /** The names, or the first of many. */
  public static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
        + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
  }
}
