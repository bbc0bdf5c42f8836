package io.mirrorimages.report;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.mirror.ByteCounts;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PullForecast;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that a report says of a run, at one moment of it. Messages may have marks of {@link
 * io.mirrorimages.failure.Setting settings}. Immutable.
 *
 * @param version of the tool
 * @param command the subcommand
 * @param started when the run began
 * @param end empty while the run goes on, and for ever if it was killed
 * @param images a result for each image, as far as the images are known
 * @param pulls the last forecast for each registry that counts pulls
 * @param waits one for each registry that the run has waited for
 * @param moved the bytes that have crossed a line so far, also for images that have not ended
 * @param retries how often something was tried again
 */
public record RunReport(
    String version,
    String command,
    Instant started,
    Optional<End> end,
    List<ImageResult> images,
    List<PullForecast> pulls,
    List<HostWaits> waits,
    ByteCounts moved,
    long retries) {
  /** A copy of the lists. */
  public RunReport {
    images = List.copyOf(images);
    pulls = List.copyOf(pulls);
    waits = List.copyOf(waits);
  }

  /**
   * How the run ended.
   *
   * @param time when
   * @param exitCode what the process returned, or is about to return
   * @param error what ended the run, if that is no affair of single images
   */
  public record End(Instant time, int exitCode, Optional<Failure> error) {}

  /**
   * The waits for one registry.
   *
   * @param registry its host, and port if it has one
   * @param causes what the run waited for, each once
   * @param outages how often the registry did not answer, without the time that it may not answer
   *     now
   * @param away for how long it did not, in all
   * @param limits how often the run waited for a limit or a late answer
   */
  public record HostWaits(
      String registry, List<String> causes, int outages, Duration away, int limits) {
    /** A copy of the causes. */
    public HostWaits {
      causes = List.copyOf(causes);
    }
  }
}
