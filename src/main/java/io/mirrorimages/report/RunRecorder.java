package io.mirrorimages.report;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mirrorimages.failure.Failure;
import io.mirrorimages.mirror.ByteCounts;
import io.mirrorimages.mirror.Direction;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.Wait;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.RunReport.End;
import io.mirrorimages.report.RunReport.HostWaits;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Collects the events of a run into a {@link RunReport}. Thread-safe. */
public final class RunRecorder implements RunListener {
  private static final int MOST_CAUSES = 10;

  private final String version;
  private final String command;
  private final Instant started;

  @GuardedBy("this")
  private final Map<ImageRequest, ImageResult> results = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Map<String, PullForecast> pulls = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Map<String, HostWaits> waits = new LinkedHashMap<>();

  @GuardedBy("this")
  private ByteCounts moved = ByteCounts.NONE;

  @GuardedBy("this")
  private long retries;

  @GuardedBy("this")
  private Optional<End> end = Optional.empty();

  /**
   * A run whose images are not known yet.
   *
   * @param version of the tool
   * @param command the subcommand
   */
  public RunRecorder(String version, String command, Instant started) {
    this.version = version;
    this.command = command;
    this.started = started;
  }

  @Override
  public synchronized void on(RunEvent event) {
    switch (event) {
      case RunEvent.PullsForeseen(PullForecast forecast) ->
          pulls.put(forecast.allowance().place() + " " + forecast.allowance().turn(), forecast);
      case RunEvent.ImageEnded(ImageResult result) -> results.put(result.request(), result);
      case RunEvent.Waiting(Wait wait) ->
          waits.merge(wait.registry(), waits(wait), RunRecorder::sum);
      case RunEvent.BlobAdvanced(_, Direction direction, long bytes) ->
          moved = moved.plus(direction, bytes);
      case RunEvent.Retrying _ -> retries++;
      default -> {
        // No part of a report.
      }
    }
  }

  private static HostWaits waits(Wait wait) {
    boolean over = wait.kind() == Wait.Kind.BACK || wait.kind() == Wait.Kind.GIVEN_UP;
    return new HostWaits(
        wait.registry(),
        wait.cause().isEmpty() ? List.of() : List.of(wait.cause()),
        over ? 1 : 0,
        over ? wait.time() : Duration.ZERO,
        wait.kind() == Wait.Kind.LIMIT ? 1 : 0);
  }

  private static HostWaits sum(HostWaits one, HostWaits other) {
    return new HostWaits(
        one.registry(),
        Stream.concat(one.causes().stream(), other.causes().stream())
            .distinct()
            .limit(MOST_CAUSES)
            .toList(),
        one.outages() + other.outages(),
        one.away().plus(other.away()),
        one.limits() + other.limits());
  }

  /** The images are known, and nothing of them is done. */
  synchronized void begin(List<ImageRequest> requests) {
    requests.forEach(request -> results.put(request, ImageResult.unfinished(request)));
  }

  /** What the images have come to. */
  synchronized void settle(List<ImageResult> all) {
    all.forEach(result -> results.put(result.request(), result));
  }

  /** Nothing counts as copied: what the images were copied to is not finished. */
  synchronized void forgetCopied() {
    results.replaceAll(
        (request, result) -> result.status() == Status.COPIED ? result.unfinished(false) : result);
  }

  /** The run ends, or has ended, so. */
  synchronized void end(int exitCode, Optional<Failure> error) {
    end = Optional.of(new End(Instant.now(), exitCode, error));
  }

  /** The exit code; empty while the run goes on. */
  synchronized OptionalInt exitCode() {
    return end.map(e -> OptionalInt.of(e.exitCode())).orElseGet(OptionalInt::empty);
  }

  /** What is known now. */
  public synchronized RunReport report() {
    return new RunReport(
        version,
        command,
        started,
        end,
        List.copyOf(results.values()),
        List.copyOf(pulls.values()),
        List.copyOf(waits.values()),
        moved,
        retries);
  }
}
