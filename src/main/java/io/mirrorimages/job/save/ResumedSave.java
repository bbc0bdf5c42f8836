package io.mirrorimages.job.save;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.job.DeduplicatingListener;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A save that resumes what an earlier run left, as a state machine: each state says what is done
 * next, and what it needs for that. Images that could not be planned then are planned now ({@link
 * LateImages}).
 *
 * <pre>
 * Whole ----+--------------------------> Ended
 * Filling --+--> Rebuilding -----------> Ended
 * </pre>
 *
 * For one thread, and one use.
 */
final class ResumedSave {
  private final SaveRun saving;
  private final EarlierFiles files;
  private final UnfinishedArchive earlier;
  private final List<ImageResult> results = new ArrayList<>();

  /** Of a save, and what an earlier run of it left. */
  ResumedSave(SaveRun saving, UnfinishedArchive earlier) {
    this.saving = saving;
    this.earlier = earlier;
    this.files = new EarlierFiles(saving.spec(), earlier);
  }

  private sealed interface EarlierState {}

  /** The files have all images of {@code plan}, and are not touched. */
  private record CompleteFiles(Plan plan, Optional<LateImages> rebuild) implements EarlierState {}

  /**
   * The missing bytes of {@code archive} are to be fetched.
   *
   * @param rebuild images without a place in the archive, which is to be written again with them
   */
  private record Filling(Plan plan, UnfinishedArchive archive, Optional<LateImages> rebuild)
      implements EarlierState {}

  /**
   * The whole archive is to be written again, with late images.
   *
   * @param filled results that the listener has
   */
  private record Rebuilding(LateImages late, List<ImageResult> filled) implements EarlierState {}

  /** Nothing is left to do. */
  private record Ended(Plan plan) implements EarlierState {}

  /** Carries it out. A single image's failure is its result. */
  JobResult results() throws IOException {
    LateImages.Inputs wanted = LateImages.wanted(saving, earlier.plan());
    results.addAll(wanted.preflight().failed());
    try (Mirror mirror = saving.mirror(saving.source().images(), saving.listener())) {
      EarlierState state = begin(wanted.planned(mirror));
      while (true) {
        switch (state) {
          case CompleteFiles whole -> state = keep(whole);
          case Filling filling -> state = fill(mirror, filling);
          case Rebuilding rebuilding -> state = rebuild(rebuilding);
          case Ended ended -> {
            return new JobResult(results, Optional.of(ended.plan()));
          }
        }
      }
    }
  }

  private EarlierState begin(LateImages late) throws IOException {
    if (late.isEmpty()) {
      return withoutLate(late, Optional.empty());
    }
    Optional<UnfinishedArchive> grown = late.behind(earlier, saving.spec());
    if (grown.isPresent()) {
      return grow(late, grown.get());
    }
    if (late.lacksRegistries()) {
      return refuse(late, FailureKind.NETWORK, "a registry that has others of it is away");
    }
    if (!files.haveRoomBeside(late.with(earlier.plan()))) {
      return refuse(late, FailureKind.SPACE, "there is no room to make that anew beside it");
    }
    // What is begun, and parts of blobs, are of use to this archive only.
    return files.areBegun() || earlier.hasPartsOfBlobs()
        ? withoutLate(late, Optional.of(late))
        : new Rebuilding(late, List.of());
  }

  /** The late images have a place behind what there is. */
  private EarlierState grow(LateImages late, UnfinishedArchive grown) throws IOException {
    return files.haveRoom(grown.missingBytes(saving.spec()))
        ? new Filling(late.behindOthers(grown), grown, Optional.empty())
        : refuse(late, FailureKind.SPACE, "there is no room for it on the disk");
  }

  private EarlierState refuse(LateImages late, FailureKind kind, String why) throws IOException {
    report(withoutPlace(late, kind, why));
    return withoutLate(late, Optional.empty());
  }

  private EarlierState withoutLate(LateImages late, Optional<LateImages> rebuild)
      throws IOException {
    Plan plan = late.others();
    return files.show(plan)
        ? new CompleteFiles(plan, rebuild)
        : new Filling(plan, earlier, rebuild);
  }

  private EarlierState keep(CompleteFiles whole) throws IOException {
    List<ImageResult> unchanged = new ArrayList<>(whole.plan().settled());
    whole.plan().images().stream().map(ImageResult::unchanged).forEach(unchanged::add);
    report(unchanged);
    return whole.rebuild().isPresent()
        ? filled(whole.rebuild().get(), unchanged)
        : new Ended(earlier.plan());
  }

  private EarlierState fill(Mirror mirror, Filling filling) throws IOException {
    ArchiveSpec spec = saving.spec();
    UnfinishedArchive archive = filling.archive();
    SaveRun.checkSpace(archive.plan(), spec, Optional.of(archive), 0);
    Plan plan = filling.plan();
    List<PlannedImage> rest = new ArrayList<>(plan.images());
    Set<ImageRequest> finished = archive.finishedImages(spec);
    rest.removeIf(image -> finished.contains(image.request()));
    report(
        plan.images().stream()
            .filter(image -> finished.contains(image.request()))
            .map(ImageResult::unchanged)
            .toList());
    List<ImageResult> filled;
    try (ArchiveWriter writer = ArchiveWriter.resume(spec, archive)) {
      saving.listener().note(beginning(archive, writer, finished));
      filled = saving.fill(mirror, writer, new Plan(rest, plan.settled(), plan.totals()));
    }
    results.addAll(filled);
    return filling.rebuild().isPresent()
        ? filled(filling.rebuild().get(), filled)
        : new Ended(archive.plan());
  }

  private String beginning(
      UnfinishedArchive archive, ArchiveWriter writer, Set<ImageRequest> finished) {
    ArchiveSpec spec = saving.spec();
    return finished.isEmpty()
        ? "going on with %s: %s are there and will be checked"
            .formatted(spec.output(), Units.bytes(archive.keptBytes()))
        : "going on with %s: the volumes of %s are finished and stay as they are%s"
            .formatted(
                spec.output(),
                Units.count(finished.size(), "image"),
                writer.isFinished()
                    ? ""
                    : ", the others follow from " + spec.file(writer.firstVolume()) + " on");
  }

  /** Rebuilds only what is finished, and never at the price of a part of a blob. */
  private EarlierState filled(LateImages late, List<ImageResult> filled) throws IOException {
    if (!files.areBegun() && !files.haveNewPartsOfBlobs()) {
      return new Rebuilding(late, filled);
    }
    if (filled.stream().noneMatch(r -> r.status() == Status.UNFINISHED)) {
      report(
          withoutPlace(
              late, FailureKind.NETWORK, "what has one could not be brought: run it again"));
    }
    return new Ended(earlier.plan());
  }

  private EarlierState rebuild(Rebuilding rebuilding) throws IOException {
    Plan all = rebuilding.late().with(earlier.plan());
    ArchiveSpec larger = saving.spec().overwriting();
    saving
        .listener()
        .note(
            "making "
                + saving.spec().output()
                + " anew, from what it has, with what could not be planned before");
    // Its results replace those of the filling, which are told already.
    results.clear();
    try (ReusableArchives old = ReusableArchives.of(larger, Optional.empty(), Optional.empty());
        Mirror mirror =
            saving.mirror(
                old.before(saving.source().images()),
                new DeduplicatingListener(saving.listener(), rebuilding.filled()));
        ArchiveWriter archive = ArchiveWriter.create(larger, all, earlier.key())) {
      results.addAll(saving.fill(mirror, archive, all));
    }
    return new Ended(all);
  }

  private void report(List<ImageResult> ended) {
    saving.listener().ended(ended);
    results.addAll(ended);
  }

  private List<ImageResult> withoutPlace(LateImages late, FailureKind kind, String why) {
    String message = "it has no place yet in " + saving.spec().output() + ", and " + why;
    List<ImageResult> failed = new ArrayList<>();
    for (PlannedImage image : late.images()) {
      failed.add(
          ImageResult.failed(
              image.request(),
              Optional.of(image.sourceDigest()),
              new TransferException(kind, message)));
    }
    return failed;
  }
}
