package io.mirrorimages.cli.closing;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How to get what a save could not bring: what has a place in the archive, and what has none. */
public final class SaveAdvice {
  private SaveAdvice() {}

  /**
   * Sends it as hints, if anything failed.
   *
   * @param source the files of the archives that the images come from; empty for a registry
   * @param failed the file that lists what is not done
   */
  public static void report(
      JobResult result,
      List<ArchivedFile> source,
      ArchiveSpec spec,
      Path failed,
      RunListener hints) {
    if (result.plan().isEmpty()) {
      return;
    }
    Set<ImageRequest> planned =
        result.plan().get().images().stream()
            .map(PlannedImage::request)
            .collect(Collectors.toSet());
    Map<Boolean, List<ImageResult>> lost =
        result.failed().stream()
            .collect(Collectors.partitioningBy(r -> planned.contains(r.request())));
    List<ImageResult> brought = lost.getOrDefault(true, List.of());
    List<ImageResult> unplanned = lost.getOrDefault(false, List.of());
    if (!brought.isEmpty()) {
      hints.on(
          new RunEvent.Hint(
              Units.count(brought.size(), "image")
                  + " could not be brought: "
                  + first(brought, source)
                  + "run the same command again to add what is missing"));
    }
    if (!unplanned.isEmpty() && !planned.isEmpty()) {
      hints.on(
          new RunEvent.Hint(
              Units.count(unplanned.size(), "image")
                  + " could not be planned: "
                  + (isMissingAtSource(unplanned)
                      ? "if a name is wrong, correct it in the list; once the source has it, "
                      : first(unplanned, source))
                  + "run the same command again, which adds it, or bring that into another "
                  + Setting.OUTPUT
                  + " with --list "
                  + CommandText.file(failed)
                  + " --base "
                  + CommandText.file(lastOf(spec))));
    }
  }

  private static boolean isMissingAtSource(List<ImageResult> failed) {
    return failed.stream().allMatch(r -> r.reason().equals(Optional.of(FailureKind.MISSING)));
  }

  /** What has to be done before another run can help. */
  private static String first(List<ImageResult> failed, List<ArchivedFile> source) {
    Set<FailureKind> kinds =
        failed.stream().flatMap(r -> r.reason().stream()).collect(Collectors.toSet());
    if (kinds.contains(FailureKind.SPACE)) {
      return "free space on the disk, then ";
    }
    if (kinds.contains(FailureKind.CORRUPT) && !source.isEmpty()) {
      List<String> damaged = DamagedFiles.among(source, failed);
      return "copy "
          + (damaged.isEmpty() ? "the archive" : String.join(" ", damaged))
          + " here again, then ";
    }
    if (kinds.contains(FailureKind.MISSING) && !source.isEmpty()) {
      return "give an archive that has what is missing, then ";
    }
    return kinds.contains(FailureKind.DENIED) ? "mend the login or its rights, then " : "";
  }

  /** The last volume knows all of them. */
  private static Path lastOf(ArchiveSpec spec) {
    try {
      List<Path> volumes = spec.finished();
      return volumes.isEmpty() ? spec.file(1) : volumes.getLast();
    } catch (IOException e) {
      return spec.file(1);
    }
  }
}
