package io.mirrorimages.job.save;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Images of which each alone is larger than the room for it: they stop no others. */
final class OversizedImages {
  private OversizedImages() {}

  /** The plan as it is when what the base has need not be moved. */
  public static Plan leavingOutBase(Plan plan, ArchiveSpec spec) {
    return spec.base().isEmpty()
        ? plan
        : plan.having(
            spec.base().get().blobs().stream()
                .map(Inventory.Blob::digest)
                .collect(Collectors.toSet()));
  }

  /**
   * The plan with these images settled as failed; as it is if that would leave none.
   *
   * @param kept how many bytes an earlier run has put where the archive goes
   */
  public static Plan settledIn(Plan plan, ArchiveSpec spec, long kept) throws IOException {
    ArchiveWriter.checkFolder(spec.output());
    long room = DiskFull.room(spec.output()) + kept;
    Set<Digest> base =
        spec.base().stream()
            .flatMap(inventory -> inventory.blobs().stream())
            .map(Inventory.Blob::digest)
            .collect(Collectors.toSet());
    List<PlannedImage> fitting = new ArrayList<>();
    List<ImageResult> failed = new ArrayList<>();
    for (PlannedImage image : plan.images()) {
      long size =
          image.blobs().stream()
              .filter(blob -> !base.contains(blob.digest()))
              .mapToLong(Descriptor::size)
              .sum();
      if (size <= room) {
        fitting.add(image);
      } else {
        failed.add(
            ImageResult.failed(
                image.request(),
                Optional.of(image.sourceDigest()),
                new TransferException(
                    FailureKind.SPACE,
                    "it has %d bytes, more than the %d that are free for %s: free some, or write it to another disk"
                        .formatted(size, room, spec.output()))));
      }
    }
    return fitting.isEmpty() || failed.isEmpty() ? plan : with(fitting, failed, plan, spec);
  }

  /** The plan with those images settled as failed that have a blob larger than a volume. */
  public static Plan settledInVolumes(Plan plan, ArchiveSpec spec) {
    if (spec.volumeSize().isEmpty()) {
      return plan;
    }
    List<PlannedImage> fitting = new ArrayList<>();
    List<ImageResult> failed = new ArrayList<>();
    for (PlannedImage image : plan.images()) {
      try {
        ArchiveWriter.sizeOf(List.of(image), spec);
        fitting.add(image);
      } catch (TransferException e) {
        failed.add(ImageResult.failed(image.request(), Optional.of(image.sourceDigest()), e));
      }
    }
    return failed.isEmpty() ? plan : with(fitting, failed, plan, spec);
  }

  private static Plan with(
      List<PlannedImage> fitting, List<ImageResult> failed, Plan plan, ArchiveSpec spec) {
    return leavingOutBase(
        new Plan(fitting, plan.settled(), plan.totals()).with(failed).having(Set.of()), spec);
  }
}
