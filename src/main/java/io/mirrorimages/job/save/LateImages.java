package io.mirrorimages.job.save;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.job.SourcePreflight;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images that an earlier run could not plan, planned now, and what has become of all others.
 *
 * @param images the late images; none of them is in the earlier plan
 * @param others the earlier plan as far as its registries answer, settled: all that need no place
 * @param unreachable the failures of images whose registries do not answer now
 * @param saving the save
 */
record LateImages(
    List<PlannedImage> images, Plan others, List<ImageResult> unreachable, SaveRun saving) {

  /**
   * What a run has to ask for.
   *
   * @param lost requests that the earlier run could not plan
   * @param preflight which registries answer, of these and all others
   */
  record Inputs(SaveRun saving, Plan earlier, List<ImageRequest> lost, SourcePreflight preflight) {

    /** Plans the late images as far as they can be had. */
    LateImages planned(Mirror mirror) throws IOException {
      Set<ImageRequest> reachable = Set.copyOf(preflight.reachable());
      Plan found = mirror.plan(lost.stream().filter(reachable::contains).toList());
      Plan late =
          OversizedImages.settledInVolumes(
              OversizedImages.settledIn(found.agreeingWith(earlier), saving.spec(), 0),
              saving.spec());
      Stream<ImageResult> settled =
          earlier.settled().stream().filter(r -> r.status() != Status.FAILED);
      Plan others =
          new Plan(
              earlier.images().stream().filter(i -> reachable.contains(i.request())).toList(),
              Stream.concat(settled, late.settled().stream()).toList(),
              earlier.totals());
      return new LateImages(late.images(), others, preflight.failed(), saving);
    }
  }

  /** Finds what an earlier plan lacks, and asks which registries answer. */
  static Inputs wanted(SaveRun saving, Plan earlier) throws IOException {
    List<ImageRequest> lost =
        earlier.settled().stream()
            .filter(r -> r.status() == Status.FAILED)
            .map(ImageResult::request)
            .toList();
    Stream<ImageRequest> planned = earlier.images().stream().map(PlannedImage::request);
    return new Inputs(
        saving, earlier, lost, saving.preflight(Stream.concat(planned, lost.stream()).toList()));
  }

  boolean isEmpty() {
    return images.isEmpty();
  }

  /** Whether a registry does not answer now. */
  boolean lacksRegistries() {
    return !unreachable.isEmpty();
  }

  /** The archive with the late images behind what there is; empty if it has no place for them. */
  Optional<UnfinishedArchive> behind(UnfinishedArchive archive, ArchiveSpec spec)
      throws IOException {
    Set<ImageRequest> away = Set.copyOf(unreachable.stream().map(ImageResult::request).toList());
    Stream<ImageResult> stillLost =
        archive.plan().settled().stream()
            .filter(r -> r.status() == Status.FAILED && away.contains(r.request()));
    return archive.with(images, Stream.concat(others.settled().stream(), stillLost).toList(), spec);
  }

  /** The plan of an archive that has grown, as far as its registries answer. */
  Plan behindOthers(UnfinishedArchive grown) {
    return new Plan(
        Stream.concat(others.images().stream(), images.stream()).toList(),
        others.settled(),
        grown.plan().totals());
  }

  /** All images that have a plan, in the order of the list. */
  Plan with(Plan earlier) {
    Map<ImageRequest, PlannedImage> planned = new HashMap<>();
    earlier.images().forEach(image -> planned.put(image.request(), image));
    images.forEach(image -> planned.put(image.request(), image));
    List<PlannedImage> ordered =
        saving.requests().stream().map(planned::get).filter(Objects::nonNull).toList();
    return OversizedImages.leavingOutBase(
        new Plan(ordered, others.settled(), earlier.totals()).having(Set.of()), saving.spec());
  }
}
