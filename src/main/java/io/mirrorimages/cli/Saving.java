package io.mirrorimages.cli;

import io.mirrorimages.archive.ArchiveReader;
import io.mirrorimages.archive.ArchiveSpec;
import io.mirrorimages.archive.ArchiveWriter;
import io.mirrorimages.archive.Inventory;
import io.mirrorimages.archive.UnfinishedArchive;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.Mirror;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The work of a save: from its beginning, or on with what an earlier run left.
 *
 * @param spec the archive
 * @param requests all images that are wanted
 * @param how how the engine works
 * @param registries where the images come from
 * @param source the same as a source, or what comes before it
 * @param run whom it tells how it goes
 * @param failed the file that lists what is not done
 * @param err where hints go
 */
record Saving(
    ArchiveSpec spec,
    List<ImageRequest> requests,
    Mirror.Options how,
    Registries registries,
    ImageSource source,
    Run run,
    Path failed,
    PrintStream err) {

  /** Plans, lays the archive out and fills it. */
  List<ImageResult> begin(String key) throws IOException {
    Preflight preflight = run.preflight(registries, requests);
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    try (Mirror mirror = mirror(source, run.listener())) {
      Plan plan = leavingOutBase(mirror.plan(preflight.reachable()), spec);
      checkSpace(plan, spec, Optional.empty());
      // With those that failed already: whoever goes on with it must not take them for done.
      try (ArchiveWriter archive = create(plan.with(preflight.failed()), key)) {
        results.addAll(fill(mirror, archive, plan));
      }
      return advising(plan, results);
    }
  }

  /**
   * Fills what is not full yet, by the plan there is. Images that could not be planned then are
   * planned now; for them the archive is made anew from what it has.
   */
  List<ImageResult> goOn(UnfinishedArchive earlier) throws IOException {
    Plan plan = earlier.plan();
    List<ImageRequest> lost =
        plan.settled().stream()
            .filter(r -> r.status() == Status.FAILED)
            .map(ImageResult::request)
            .toList();
    Preflight preflight =
        run.preflight(
            registries,
            Stream.concat(plan.images().stream().map(PlannedImage::request), lost.stream())
                .toList());
    Set<ImageRequest> reachable = Set.copyOf(preflight.reachable());
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    try (Mirror mirror = mirror(source, run.listener())) {
      Plan late = mirror.plan(lost.stream().filter(reachable::contains).toList());
      List<PlannedImage> images =
          plan.images().stream().filter(i -> reachable.contains(i.request())).toList();
      List<ImageResult> settled =
          Stream.concat(
                  plan.settled().stream().filter(r -> r.status() != Status.FAILED),
                  late.settled().stream())
              .toList();
      Plan now = new Plan(images, settled, plan.totals());
      Plan all = withLate(plan, late, settled);
      boolean enlarged =
          !late.images().isEmpty() && preflight.failed().isEmpty() && hasRoomFor(all, earlier);
      if (!enlarged && !late.images().isEmpty()) {
        results.addAll(late.images().stream().map(this::withoutPlace).toList());
      }
      if (spec.isBegun() || !enlarged) {
        List<ImageResult> filled = isWhole(now) ? unchanged(now) : fill(mirror, earlier, now);
        if (!enlarged || filled.stream().anyMatch(r -> r.status() == Status.UNFINISHED)) {
          results.addAll(filled);
          return advising(plan, results);
        }
        return advising(all, enlarge(all, earlier.key(), filled));
      }
      return advising(all, enlarge(all, earlier.key(), List.of()));
    }
  }

  private Mirror mirror(ImageSource from, RunListener listener) {
    Mirror mirror = new Mirror(from, how, listener);
    // In this order: what fails because its connection was closed is not done, not failed.
    run.onStop(mirror::stop);
    run.onStop(registries::close);
    return mirror;
  }

  private List<ImageResult> fill(Mirror mirror, UnfinishedArchive earlier, Plan plan)
      throws IOException {
    checkSpace(earlier.plan(), spec, Optional.of(earlier));
    run.say(
        "going on with "
            + spec.output()
            + ": "
            + Units.bytes(earlier.keptBytes())
            + " are there and will be checked");
    try (ArchiveWriter archive = ArchiveWriter.resume(spec, earlier)) {
      return fill(mirror, archive, plan);
    }
  }

  /** Makes the archive anew, with more images, from what the finished one has. */
  private List<ImageResult> enlarge(Plan plan, String key, List<ImageResult> told)
      throws IOException {
    ArchiveSpec larger = spec.overwriting();
    run.say(
        "making "
            + spec.output()
            + " anew, from what it has, with what could not be planned before");
    try (EarlierArchive old = EarlierArchive.of(larger, Optional.empty());
        Mirror mirror = mirror(old.before(source), new Untold(run.listener(), told));
        ArchiveWriter archive = ArchiveWriter.create(larger, plan, key)) {
      return fill(mirror, archive, plan);
    }
  }

  /** All images that have a plan, in the order of the list. */
  private Plan withLate(Plan plan, Plan late, List<ImageResult> settled) {
    Map<ImageRequest, PlannedImage> planned = new HashMap<>();
    plan.images().forEach(image -> planned.put(image.request(), image));
    late.images().forEach(image -> planned.put(image.request(), image));
    List<PlannedImage> images =
        requests.stream().map(planned::get).filter(Objects::nonNull).toList();
    return leavingOutBase(new Plan(images, settled, plan.totals()).having(Set.of()), spec);
  }

  private boolean hasRoomFor(Plan plan, UnfinishedArchive earlier) throws IOException {
    try {
      // Beside the old one, which may itself not be whole yet.
      long rest =
          spec.isBegun()
              ? ArchiveWriter.sizeOf(earlier.plan().images(), spec) - earlier.keptBytes()
              : 0;
      ArchiveWriter.checkSpace(
          spec.output(), ArchiveWriter.sizeOf(plan.images(), spec) + Math.max(0, rest));
      return true;
    } catch (MirrorException e) {
      if (e.reason() == Reason.SPACE) {
        return false;
      }
      throw e;
    }
  }

  private ImageResult withoutPlace(PlannedImage image) {
    ImageResult result =
        ImageResult.failed(
            image.request(),
            Optional.of(image.sourceDigest()),
            new MirrorException(
                Reason.SPACE,
                "it has no place in "
                    + spec.output()
                    + ", and there is no room to make that anew beside it"));
    run.listener().ended(result);
    return result;
  }

  /** Whether the finished archive has all images of the plan. */
  private boolean isWhole(Plan plan) throws IOException {
    if (spec.isBegun() || spec.finished().isEmpty()) {
      return false;
    }
    Set<Reference> shown = new HashSet<>();
    try (ArchiveReader archive = ArchiveReader.open(spec.finished())) {
      archive.images().forEach(i -> shown.add(i.name().at(i.descriptor().digest())));
    } catch (MirrorException e) {
      return false;
    }
    return plan.images().stream()
        .allMatch(i -> shown.contains(i.request().source().at(i.top().digest())));
  }

  private List<ImageResult> unchanged(Plan plan) {
    List<ImageResult> results =
        Stream.concat(plan.settled().stream(), plan.images().stream().map(ImageResult::unchanged))
            .toList();
    results.forEach(run.listener()::ended);
    return results;
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

  private List<ImageResult> fill(Mirror mirror, ArchiveWriter archive, Plan plan)
      throws IOException {
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
              + ": when their source has them, run the same command again, which makes it anew from"
              + " what it has, or save them with --list "
              + failed
              + " --base "
              + spec.file(1)
              + " into another --output");
    }
    return results;
  }
}
