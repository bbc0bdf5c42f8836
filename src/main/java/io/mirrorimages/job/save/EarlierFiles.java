package io.mirrorimages.job.save;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.Checksums;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.Plan;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * What the disk has of an archive that an earlier run left, and has room for. Looks at the files
 * each time; changes none.
 */
record EarlierFiles(ArchiveSpec spec, UnfinishedArchive earlier) {

  /** Whether the archive has not got its name yet. */
  boolean areBegun() throws IOException {
    return !earlier.isFinished(spec);
  }

  /** Whether the journal that is there now knows a part of a blob. */
  boolean haveNewPartsOfBlobs() throws IOException {
    return UnfinishedArchive.find(spec).filter(UnfinishedArchive::hasPartsOfBlobs).isPresent();
  }

  /** Whether the finished archive has all images of the plan, and needs nothing else. */
  boolean show(Plan plan) throws IOException {
    // Where nothing was lost, a journal that is there means that its run was killed after all else.
    if (areBegun() || earlier.plan().isComplete() || !haveChecksums()) {
      return false;
    }
    Set<Reference> shown = new HashSet<>();
    try (ArchiveReader archive = ArchiveReader.open(spec.finished())) {
      archive.images().forEach(i -> shown.add(i.name().at(i.descriptor().digest())));
    } catch (TransferException e) {
      return false;
    }
    return plan.images().stream()
        .allMatch(i -> shown.contains(i.request().source().at(i.top().digest())));
  }

  private boolean haveChecksums() throws IOException {
    return spec.volumeSize().isEmpty()
        || Checksums.areThere(spec.names().checksums(), spec.finished());
  }

  /** Whether a new archive of the plan fits beside this one, which may not be whole yet. */
  boolean haveRoomBeside(Plan plan) throws IOException {
    long rest = areBegun() ? earlier.missingBytes(spec) : 0;
    return haveRoom(ArchiveWriter.sizeOf(plan, spec) + Math.max(0, rest));
  }

  /** Whether so many bytes fit on the disk beside all there is. */
  boolean haveRoom(long bytes) throws IOException {
    try {
      ArchiveWriter.checkSpace(spec.output(), bytes);
      return true;
    } catch (TransferException e) {
      if (e.reason() == FailureKind.SPACE) {
        return false;
      }
      throw e;
    }
  }
}
