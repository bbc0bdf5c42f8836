package io.mirrorimages.job;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.Checksums;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
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
record ResumedSave(SaveRun saving, UnfinishedArchive earlier) {

  /**
   * Fills what is not full yet, by the plan there is. Images that could not be planned then are
   * planned now, and come behind what there is; where that is not possible, the archive is made
   * anew from what it has.
   */
  JobResult results() throws IOException {
    Plan plan = earlier.plan();
    List<ImageRequest> lost =
        plan.settled().stream()
            .filter(r -> r.status() == Status.FAILED)
            .map(ImageResult::request)
            .toList();
    SourcePreflight preflight =
        saving.preflight(
            Stream.concat(plan.images().stream().map(PlannedImage::request), lost.stream())
                .toList());
    Set<ImageRequest> reachable = Set.copyOf(preflight.reachable());
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    try (Mirror mirror = saving.mirror(saving.source().images(), saving.listener())) {
      Plan late =
          OversizedImages.settledIn(
              mirror.plan(lost.stream().filter(reachable::contains).toList()).agreeingWith(plan),
              saving.spec(),
              0);
      List<PlannedImage> images =
          plan.images().stream().filter(i -> reachable.contains(i.request())).toList();
      List<ImageResult> settled =
          Stream.concat(
                  plan.settled().stream().filter(r -> r.status() != Status.FAILED),
                  late.settled().stream())
              .toList();
      Plan now = new Plan(images, settled, plan.totals());
      if (late.images().isEmpty()) {
        results.addAll(isWhole(now) ? unchanged(now) : fill(mirror, now, earlier));
        return new JobResult(results, Optional.of(plan));
      }
      Optional<UnfinishedArchive> grown = grown(late, settled, lost, reachable);
      if (grown.isPresent()) {
        Plan all =
            new Plan(
                Stream.concat(images.stream(), late.images().stream()).toList(),
                settled,
                grown.get().plan().totals());
        results.addAll(fill(mirror, all, grown.get()));
        return new JobResult(results, Optional.of(grown.get().plan()));
      }
      return madeAnew(mirror, late, now, preflight, results);
    }
  }

  /** The archive with the late images behind what there is, if it has room for them. */
  private Optional<UnfinishedArchive> grown(
      Plan late, List<ImageResult> settled, List<ImageRequest> lost, Set<ImageRequest> reachable)
      throws IOException {
    Stream<ImageResult> stillLost =
        earlier.plan().settled().stream()
            .filter(r -> lost.contains(r.request()) && !reachable.contains(r.request()));
    Optional<UnfinishedArchive> grown =
        earlier.with(
            late.images(), Stream.concat(settled.stream(), stillLost).toList(), saving.spec());
    return grown.isPresent() && hasRoom(grown.get().size(saving.spec()) - grown.get().keptBytes())
        ? grown
        : Optional.empty();
  }

  /**
   * Fills the archive by the plan there is, and then makes it anew with the late images, where it
   * has several volumes or no room at its front.
   */
  private JobResult madeAnew(
      Mirror mirror, Plan late, Plan now, SourcePreflight preflight, List<ImageResult> results)
      throws IOException {
    Plan all = withLate(earlier.plan(), late, now.settled());
    boolean enlarged = preflight.failed().isEmpty() && hasRoomFor(all);
    if (!enlarged) {
      results.addAll(
          withoutPlace(late, FailureKind.SPACE, "there is no room to make that anew beside it"));
    }
    if (isBegun() || !enlarged || earlier.hasPartsOfBlobs()) {
      List<ImageResult> filled = isWhole(now) ? unchanged(now) : fill(mirror, now, earlier);
      // Still begun where it was stopped, or nothing could be brought: not the time to begin
      // anew. Nor is it while that would lose a part of a blob.
      if (!enlarged || isBegun() || hasPartsOfBlobs()) {
        results.addAll(filled);
        if (enlarged && filled.stream().noneMatch(r -> r.status() == Status.UNFINISHED)) {
          results.addAll(
              withoutPlace(
                  late, FailureKind.NETWORK, "what has one could not be brought: run it again"));
        }
        return new JobResult(results, Optional.of(earlier.plan()));
      }
      return new JobResult(enlarge(all, earlier.key(), filled), Optional.of(all));
    }
    return new JobResult(enlarge(all, earlier.key(), List.of()), Optional.of(all));
  }

  /** Whether it has not got its name yet. */
  private boolean isBegun() throws IOException {
    return !earlier.isFinished(saving.spec());
  }

  private boolean hasPartsOfBlobs() throws IOException {
    return UnfinishedArchive.find(saving.spec()).filter(a -> a.hasPartsOfBlobs()).isPresent();
  }

  private List<ImageResult> fill(Mirror mirror, Plan plan, UnfinishedArchive archive)
      throws IOException {
    SaveRun.checkSpace(archive.plan(), saving.spec(), Optional.of(archive));
    saving
        .listener()
        .note(
            "going on with "
                + saving.spec().output()
                + ": "
                + Units.bytes(archive.keptBytes())
                + " are there and will be checked");
    try (ArchiveWriter writer = ArchiveWriter.resume(saving.spec(), archive)) {
      return saving.fill(mirror, writer, plan);
    }
  }

  /** Makes the archive anew, with more images, from what the finished one has. */
  private List<ImageResult> enlarge(Plan plan, String key, List<ImageResult> told)
      throws IOException {
    ArchiveSpec larger = saving.spec().overwriting();
    saving
        .listener()
        .note(
            "making "
                + saving.spec().output()
                + " anew, from what it has, with what could not be planned before");
    try (ReusableArchives old = ReusableArchives.of(larger, Optional.empty(), Optional.empty());
        Mirror mirror =
            saving.mirror(
                old.before(saving.source().images()),
                new DeduplicatingListener(saving.listener(), told));
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
    return OversizedImages.leavingOutBase(
        new Plan(images, settled, plan.totals()).having(Set.of()), saving.spec());
  }

  private boolean hasRoomFor(Plan plan) throws IOException {
    // Beside the old one, which may itself not be whole yet.
    long rest = isBegun() ? earlier.size(saving.spec()) - earlier.keptBytes() : 0;
    return hasRoom(ArchiveWriter.sizeOf(plan, saving.spec()) + Math.max(0, rest));
  }

  private boolean hasRoom(long bytes) throws IOException {
    try {
      ArchiveWriter.checkSpace(saving.spec().output(), bytes);
      return true;
    } catch (TransferException e) {
      if (e.reason() == FailureKind.SPACE) {
        return false;
      }
      throw e;
    }
  }

  private List<ImageResult> withoutPlace(Plan late, FailureKind reason, String why) {
    List<ImageResult> results = new ArrayList<>();
    for (PlannedImage image : late.images()) {
      String message = "it has no place yet in " + saving.spec().output() + ", and " + why;
      results.add(
          ImageResult.failed(
              image.request(),
              Optional.of(image.sourceDigest()),
              new TransferException(reason, message)));
    }
    saving.listener().ended(results);
    return results;
  }

  /** Whether the finished archive has all images of the plan. */
  private boolean isWhole(Plan plan) throws IOException {
    // Where nothing was lost, a journal that is there means that its run was killed after all else.
    if (isBegun() || earlier.plan().isComplete() || !hasChecksums()) {
      return false;
    }
    Set<Reference> shown = new HashSet<>();
    try (ArchiveReader archive = ArchiveReader.open(saving.spec().finished())) {
      archive.images().forEach(i -> shown.add(i.name().at(i.descriptor().digest())));
    } catch (TransferException e) {
      return false;
    }
    return plan.images().stream()
        .allMatch(i -> shown.contains(i.request().source().at(i.top().digest())));
  }

  private boolean hasChecksums() throws IOException {
    ArchiveSpec spec = saving.spec();
    return spec.volumeSize().isEmpty()
        || Checksums.areThere(spec.names().checksums(), spec.finished());
  }

  private List<ImageResult> unchanged(Plan plan) {
    List<ImageResult> results =
        Stream.concat(plan.settled().stream(), plan.images().stream().map(ImageResult::unchanged))
            .toList();
    saving.listener().ended(results);
    return results;
  }
}
