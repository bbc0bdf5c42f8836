package io.mirrorimages.cli;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Mirror;
import io.mirrorimages.mirror.MirrorException;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Reason;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A save that goes on with what an earlier run left.
 *
 * @param saving the save
 * @param earlier what was left
 */
record ContinuedSaving(Saving saving, UnfinishedArchive earlier) {

  /**
   * Fills what is not full yet, by the plan there is. Images that could not be planned then are
   * planned now; for them the archive is made anew from what it has.
   */
  List<ImageResult> results() throws IOException {
    Plan plan = earlier.plan();
    List<ImageRequest> lost =
        plan.settled().stream()
            .filter(r -> r.status() == Status.FAILED)
            .map(ImageResult::request)
            .toList();
    Preflight preflight =
        saving
            .run()
            .preflight(
                saving.registries(),
                Stream.concat(plan.images().stream().map(PlannedImage::request), lost.stream())
                    .toList());
    Set<ImageRequest> reachable = Set.copyOf(preflight.reachable());
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    try (Mirror mirror = saving.mirror(saving.source(), saving.run().listener())) {
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
          !late.images().isEmpty() && preflight.failed().isEmpty() && hasRoomFor(all);
      if (!enlarged && !late.images().isEmpty()) {
        results.addAll(
            withoutPlace(late, Reason.SPACE, "there is no room to make that anew beside it"));
      }
      if (saving.spec().isBegun() || !enlarged || earlier.hasPartsOfBlobs()) {
        List<ImageResult> filled = isWhole(now) ? unchanged(now) : fill(mirror, now);
        // Still begun where it was stopped, or nothing could be brought: not the time to begin
        // anew. Nor is it while that would lose a part of a blob.
        if (!enlarged || saving.spec().isBegun() || hasPartsOfBlobs()) {
          results.addAll(filled);
          if (enlarged && filled.stream().noneMatch(r -> r.status() == Status.UNFINISHED)) {
            results.addAll(
                withoutPlace(
                    late, Reason.NETWORK, "what has one could not be brought: run it again"));
          }
          return saving.advising(plan, results);
        }
        return saving.advising(all, enlarge(all, earlier.key(), filled));
      }
      return saving.advising(all, enlarge(all, earlier.key(), List.of()));
    }
  }

  private boolean hasPartsOfBlobs() throws IOException {
    return UnfinishedArchive.find(saving.spec()).filter(a -> a.hasPartsOfBlobs()).isPresent();
  }

  private List<ImageResult> fill(Mirror mirror, Plan plan) throws IOException {
    Saving.checkSpace(earlier.plan(), saving.spec(), Optional.of(earlier));
    saving
        .run()
        .say(
            "going on with "
                + saving.spec().output()
                + ": "
                + Units.bytes(earlier.keptBytes())
                + " are there and will be checked");
    try (ArchiveWriter archive = ArchiveWriter.resume(saving.spec(), earlier)) {
      return saving.fill(mirror, archive, plan);
    }
  }

  /** Makes the archive anew, with more images, from what the finished one has. */
  private List<ImageResult> enlarge(Plan plan, String key, List<ImageResult> told)
      throws IOException {
    ArchiveSpec larger = saving.spec().overwriting();
    saving
        .run()
        .say(
            "making "
                + saving.spec().output()
                + " anew, from what it has, with what could not be planned before");
    try (EarlierArchive old = EarlierArchive.of(larger, Optional.empty(), Optional.empty());
        Mirror mirror =
            saving.mirror(old.before(saving.source()), new Untold(saving.run().listener(), told));
        ArchiveWriter archive = ArchiveWriter.create(larger, plan, key)) {
      return saving.fill(mirror, archive, plan);
    }
  }

  /** All images that have a plan, in the order of the list. */
  private Plan withLate(Plan plan, Plan late, List<ImageResult> settled) {
    Map<ImageRequest, PlannedImage> planned = new HashMap<>();
    plan.images().forEach(image -> planned.put(image.request(), image));
    late.images().forEach(image -> planned.put(image.request(), image));
    List<PlannedImage> images =
        saving.requests().stream().map(planned::get).filter(Objects::nonNull).toList();
    return Saving.leavingOutBase(
        new Plan(images, settled, plan.totals()).having(Set.of()), saving.spec());
  }

  private boolean hasRoomFor(Plan plan) throws IOException {
    try {
      // Beside the old one, which may itself not be whole yet.
      long rest =
          saving.spec().isBegun()
              ? ArchiveWriter.sizeOf(earlier.plan().images(), saving.spec()) - earlier.keptBytes()
              : 0;
      ArchiveWriter.checkSpace(
          saving.spec().output(),
          ArchiveWriter.sizeOf(plan.images(), saving.spec()) + Math.max(0, rest));
      return true;
    } catch (MirrorException e) {
      if (e.reason() == Reason.SPACE) {
        return false;
      }
      throw e;
    }
  }

  private List<ImageResult> withoutPlace(Plan late, Reason reason, String why) {
    List<ImageResult> results = new ArrayList<>();
    for (PlannedImage image : late.images()) {
      String message = "it has no place yet in " + saving.spec().output() + ", and " + why;
      results.add(
          ImageResult.failed(
              image.request(),
              Optional.of(image.sourceDigest()),
              new MirrorException(reason, message)));
    }
    results.forEach(saving.run().listener()::ended);
    return results;
  }

  /** Whether the finished archive has all images of the plan. */
  private boolean isWhole(Plan plan) throws IOException {
    if (saving.spec().isBegun() || saving.spec().finished().isEmpty()) {
      return false;
    }
    Set<Reference> shown = new HashSet<>();
    try (ArchiveReader archive = ArchiveReader.open(saving.spec().finished())) {
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
    results.forEach(saving.run().listener()::ended);
    return results;
  }
}
