package io.mirrorimages.job.save;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.job.Cancellation;
import io.mirrorimages.job.JobListener;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.job.JobSource;
import io.mirrorimages.job.SourcePreflight;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The work of a save; {@link ResumedSave} resumes what an earlier run left.
 *
 * @param spec the archive
 * @param requests all images that are wanted
 * @param how how the engine works
 * @param source where the images come from
 * @param listener told how it goes
 * @param cancellation ends it before its time
 */
record SaveRun(
    ArchiveSpec spec,
    List<ImageRequest> requests,
    MirrorOptions how,
    JobSource source,
    JobListener listener,
    Cancellation cancellation) {

  /** Plans, lays the archive out and fills it. */
  JobResult begin(String key) throws IOException {
    SourcePreflight preflight = preflight(requests);
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    try (Mirror mirror = mirror(source.images(), listener)) {
      Plan plan =
          fitting(OversizedImages.leavingOutBase(mirror.plan(preflight.reachable()), spec), spec);
      checkSpace(plan, spec, Optional.empty(), 0);
      // With those that failed already: whoever goes on with it must not take them for done.
      try (ArchiveWriter archive = create(plan.with(preflight.failed()), key)) {
        results.addAll(fill(mirror, archive, plan));
      }
      return new JobResult(results, Optional.of(plan));
    }
  }

  /** Tries the registries; a stop ends that at once. */
  SourcePreflight preflight(List<ImageRequest> wanted) throws IOException {
    SourcePreflight preflight =
        cancellation.interruptibly(
            source.disconnect(), () -> SourcePreflight.of(source.check(), wanted));
    listener.ended(preflight.failed());
    return preflight;
  }

  /** An engine that the end of the run ends; the caller closes it. */
  Mirror mirror(ImageSource from, RunListener told) {
    Mirror mirror = new Mirror(from, how, told);
    // In this order: what fails because its connection was closed is not done, not failed.
    cancellation.onStop(mirror::stop);
    cancellation.onStop(source.disconnect());
    return mirror;
  }

  /** The plan without the images that are larger than the disk. */
  static Plan fitting(Plan plan, ArchiveSpec spec) throws IOException {
    long kept = UnfinishedArchive.find(spec).map(UnfinishedArchive::keptBytes).orElse(0L);
    return OversizedImages.settledIn(plan, spec, kept);
  }

  /**
   * Whether the rest of the archive fits; what an earlier run left there is on the disk already.
   *
   * @param beside bytes of other files that are to come there
   */
  static void checkSpace(
      Plan plan, ArchiveSpec spec, Optional<UnfinishedArchive> earlier, long beside)
      throws IOException {
    long archive =
        earlier.isPresent()
            ? earlier.get().missingBytes(spec)
            : ArchiveWriter.sizeOf(plan, spec)
                - UnfinishedArchive.find(spec).map(UnfinishedArchive::keptBytes).orElse(0L);
    ArchiveWriter.checkSpace(spec.output(), archive + beside);
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
      listener.keeping(
          Units.bytes(archive.writtenBytes())
              + " of "
              + Units.bytes(archive.size())
              + " are kept in "
              + ArchiveFileNames.partial(spec.file(archive.firstVolume())).getFileName()
              + (spec.volumeSize().isPresent() ? " and so on" : "")
              + (copied.isEmpty()
                  ? ""
                  : ", with " + copied.size() + " of " + Units.count(requests.size(), "image")));
      return results.stream()
          .map(r -> copied.contains(r.request()) ? r.unfinished(true) : r)
          .toList();
    }
    if (!copied.isEmpty() || archive.isFinished()) {
      // What is left takes little time against what was brought: no deadline keeps it from its end.
      listener.finishing();
      archive.finish(
          plan.images().stream().filter(image -> copied.contains(image.request())).toList());
    }
    return results;
  }
}
