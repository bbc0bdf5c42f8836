package io.mirrorimages.cli.closing;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Units;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How to get what a save could not bring: what has a place in the archive, and what has none. */
public final class SaveAdvice {
  private SaveAdvice() {}

  /**
   * Sends it as hints, if anything failed.
   *
   * @param failed the file that lists what is not done
   */
  public static void report(JobResult result, ArchiveSpec spec, Path failed, RunListener hints) {
    if (result.plan().isEmpty()) {
      return;
    }
    Set<ImageRequest> planned =
        result.plan().get().images().stream()
            .map(PlannedImage::request)
            .collect(Collectors.toSet());
    Map<Boolean, Long> lost =
        result.failed().stream()
            .collect(
                Collectors.partitioningBy(
                    r -> planned.contains(r.request()), Collectors.counting()));
    if (lost.getOrDefault(true, 0L) > 0) {
      hints.on(
          new RunEvent.Hint(
              Units.count(lost.getOrDefault(true, 0L), "image")
                  + " could not be brought: run the same command again to add what is missing"));
    }
    if (lost.getOrDefault(false, 0L) > 0 && !planned.isEmpty()) {
      hints.on(
          new RunEvent.Hint(
              Units.count(lost.getOrDefault(false, 0L), "image")
                  + " could not be planned: once the source has what "
                  + spec.output()
                  + " lacks, run the same command again, which adds it, or save that into another"
                  + " --output with --list "
                  + failed
                  + " --base "
                  + spec.file(1)));
    }
  }
}
