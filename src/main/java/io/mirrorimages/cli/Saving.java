package io.mirrorimages.cli;

import io.mirrorimages.archive.ArchiveSpec;
import io.mirrorimages.archive.ArchiveWriter;
import io.mirrorimages.archive.Inventory;
import io.mirrorimages.archive.UnfinishedArchive;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Mirror;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The work of a save: from its beginning, or on with what an earlier run left.
 *
 * @param spec the archive
 * @param mirror the engine
 * @param registries where the images come from
 * @param run whom it tells how it goes
 * @param failed the file that lists what is not done
 * @param err where hints go
 */
record Saving(
    ArchiveSpec spec, Mirror mirror, Registries registries, Run run, Path failed, PrintStream err) {

  /** Plans, lays the archive out and fills it. */
  List<ImageResult> begin(List<ImageRequest> requests, String key) throws IOException {
    Preflight preflight = run.preflight(registries, requests);
    Plan plan = leavingOutBase(mirror.plan(preflight.reachable()), spec);
    checkSpace(plan, spec, Optional.empty());
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    // With those that failed already: whoever goes on with it must not take them for done.
    try (ArchiveWriter archive = create(plan.with(preflight.failed()), key)) {
      results.addAll(fill(archive, plan));
    }
    return advising(plan, results);
  }

  /** Fills what is not full yet, by the plan there is. */
  List<ImageResult> goOn(UnfinishedArchive earlier) throws IOException {
    Plan plan = earlier.plan();
    Preflight preflight =
        run.preflight(registries, plan.images().stream().map(PlannedImage::request).toList());
    Set<ImageRequest> reachable = Set.copyOf(preflight.reachable());
    Plan now =
        new Plan(
            plan.images().stream().filter(i -> reachable.contains(i.request())).toList(),
            plan.settled(),
            plan.totals());
    checkSpace(plan, spec, Optional.of(earlier));
    run.say(
        "going on with "
            + spec.output()
            + ": "
            + Units.bytes(earlier.keptBytes())
            + " are there and will be checked");
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    try (ArchiveWriter archive = ArchiveWriter.resume(spec, earlier)) {
      results.addAll(fill(archive, now));
    }
    return advising(plan, results);
  }

  /** The plan as it is when what the base has need not be moved. */
  static Plan leavingOutBase(Plan plan, ArchiveSpec spec) {
    return spec.base().isEmpty()
        ? plan
        : plan.having(
            spec.base().get().blobs().stream()
                .map(Inventory.Blob::digest)
                .collect(Collectors.toSet()));
  }

  /**
   * Whether the rest of the archive fits; what an earlier run left there is on the disk already.
   */
  static void checkSpace(Plan plan, ArchiveSpec spec, Optional<UnfinishedArchive> earlier)
      throws IOException {
    Optional<UnfinishedArchive> left = earlier.isPresent() ? earlier : UnfinishedArchive.find(spec);
    long there = left.map(UnfinishedArchive::keptBytes).orElse(0L);
    ArchiveWriter.checkSpace(spec.output(), ArchiveWriter.sizeOf(plan.images(), spec) - there);
  }

  private ArchiveWriter create(Plan plan, String key) throws IOException {
    // Nothing to keep of an archive without images.
    return plan.images().isEmpty()
        ? ArchiveWriter.create(spec.output(), plan.images())
        : ArchiveWriter.create(spec, plan, key);
  }

  private List<ImageResult> fill(ArchiveWriter archive, Plan plan) throws IOException {
    List<ImageResult> results = mirror.carryOut(plan, archive);
    Set<ImageRequest> copied =
        results.stream()
            .filter(r -> r.status() == Status.COPIED)
            .map(ImageResult::request)
            .collect(Collectors.toSet());
    if (results.stream().anyMatch(r -> r.status() == Status.UNFINISHED)) {
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
  private List<ImageResult> advising(Plan plan, List<ImageResult> results) {
    Set<ImageRequest> planned =
        plan.images().stream().map(PlannedImage::request).collect(Collectors.toSet());
    Map<Boolean, Long> lost =
        results.stream()
            .filter(r -> r.status() == Status.FAILED)
            .collect(
                Collectors.partitioningBy(
                    r -> planned.contains(r.request()), Collectors.counting()));
    if (lost.get(true) > 0) {
      err.println(
          "mirror-images: "
              + Units.count(lost.get(true), "image")
              + " could not be brought: run the same command again to add what is missing");
    }
    if (lost.get(false) > 0 && !planned.isEmpty()) {
      err.println(
          "mirror-images: "
              + Units.count(lost.get(false), "image")
              + " could not be planned, and have no place in "
              + spec.output()
              + ": save them with --list "
              + failed
              + " into another --output, when their source has them");
    }
    return results;
  }
}
