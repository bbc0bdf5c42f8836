package io.mirrorimages.cli.command;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.job.OversizedImages;
import io.mirrorimages.job.SourcePreflight;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The work of a save; {@link ContinuedSaving} goes on with what an earlier run left.
 *
 * @param spec the archive
 * @param requests all images that are wanted
 * @param how how the engine works
 * @param registries where the images come from
 * @param source the same as a source, or what comes before it
 * @param run whom it tells how it goes
 * @param err where hints go
 */
record Saving(
    ArchiveSpec spec,
    List<ImageRequest> requests,
    MirrorOptions how,
    Registries registries,
    ImageSource source,
    Run run,
    PrintStream err) {

  /** Plans, lays the archive out and fills it. */
  List<ImageResult> begin(String key) throws IOException {
    SourcePreflight preflight = run.preflight(registries, requests);
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    try (Mirror mirror = mirror(source, run.listener())) {
      Plan plan =
          fitting(OversizedImages.leavingOutBase(mirror.plan(preflight.reachable()), spec), spec);
      checkSpace(plan, spec, Optional.empty());
      // With those that failed already: whoever goes on with it must not take them for done.
      try (ArchiveWriter archive = create(plan.with(preflight.failed()), key)) {
        results.addAll(fill(mirror, archive, plan));
      }
      return advising(plan, results);
    }
  }

  /** An engine that the end of the run ends; the caller closes it. */
  Mirror mirror(ImageSource from, RunListener listener) {
    Mirror mirror = new Mirror(from, how, listener);
    // In this order: what fails because its connection was closed is not done, not failed.
    run.onStop(mirror::stop);
    run.onStop(registries::close);
    return mirror;
  }

  /** The plan without the images that are larger than the disk. */
  static Plan fitting(Plan plan, ArchiveSpec spec) throws IOException {
    long kept = UnfinishedArchive.find(spec).map(UnfinishedArchive::keptBytes).orElse(0L);
    return OversizedImages.settledIn(plan, spec, kept);
  }

  /**
   * Whether the rest of the archive fits; what an earlier run left there is on the disk already.
   */
  static void checkSpace(Plan plan, ArchiveSpec spec, Optional<UnfinishedArchive> earlier)
      throws IOException {
    Optional<UnfinishedArchive> left = earlier.isPresent() ? earlier : UnfinishedArchive.find(spec);
    long there = left.map(UnfinishedArchive::keptBytes).orElse(0L);
    long size = earlier.isPresent() ? earlier.get().size(spec) : ArchiveWriter.sizeOf(plan, spec);
    ArchiveWriter.checkSpace(spec.output(), size - there);
  }

  private ArchiveWriter create(Plan plan, String key) throws IOException {
    // Nothing to keep of an archive without images.
    return plan.images().isEmpty()
        ? ArchiveWriter.create(spec.output(), plan.images())
        : ArchiveWriter.create(spec, plan, key);
  }

  /** Carries the plan out and finishes the archive, unless it was stopped. */
  List<ImageResult> fill(Mirror mirror, ArchiveWriter archive, Plan plan) throws IOException {
    List<ImageResult> results = mirror.carryOut(plan, archive);
    Set<ImageRequest> copied =
        results.stream()
            .filter(r -> r.status() == Status.COPIED)
            .map(ImageResult::request)
            .collect(Collectors.toSet());
    if (results.stream().anyMatch(r -> r.status() == Status.UNFINISHED)) {
      run.say(
          Units.bytes(archive.writtenBytes())
              + " of "
              + Units.bytes(archive.size())
              + " are kept in "
              + ArchiveFileNames.partial(spec.file(1)).getFileName()
              + (spec.volumeSize().isPresent() ? " and so on" : ""));
      return results.stream()
          .map(r -> copied.contains(r.request()) ? ImageResult.unfinished(r.request()) : r)
          .toList();
    }
    if (!copied.isEmpty()) {
      // What is left takes little time against what was brought: no deadline keeps it from its end.
      run.finishing();
      archive.finish(
          plan.images().stream().filter(image -> copied.contains(image.request())).toList());
    }
    return results;
  }

  /** How to get what is not in the archive: what has its place there, and what has none. */
  List<ImageResult> advising(Plan plan, List<ImageResult> results) {
    Set<ImageRequest> planned =
        plan.images().stream().map(PlannedImage::request).collect(Collectors.toSet());
    Map<Boolean, Long> lost =
        results.stream()
            .filter(r -> r.status() == Status.FAILED)
            .collect(
                Collectors.partitioningBy(
                    r -> planned.contains(r.request()), Collectors.counting()));
    if (lost.getOrDefault(true, 0L) > 0) {
      err.println(
          "mirror-images: "
              + Units.count(lost.getOrDefault(true, 0L), "image")
              + " could not be brought: run the same command again to add what is missing");
    }
    if (lost.getOrDefault(false, 0L) > 0 && !planned.isEmpty()) {
      err.println(
          "mirror-images: "
              + Units.count(lost.getOrDefault(false, 0L), "image")
              + " could not be planned: once the source has what "
              + spec.output()
              + " lacks, run the same command again, which adds it, or save that into another"
              + " --output with --list "
              + run.failed().orElseThrow()
              + " --base "
              + spec.file(1));
    }
    return results;
  }
}
