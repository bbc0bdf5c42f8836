package io.mirrorimages.archive.write;

import io.mirrorimages.archive.design.ArchiveDesign;
import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.design.VolumeContents;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.ByteRanges;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an earlier run that did not get to its end left of an archive: its pinned plan, and part of
 * the bytes. Immutable; a later run resumes it by {@link ArchiveWriter#resume}.
 */
public final class UnfinishedArchive {
  private final Journal.Content content;
  private final boolean grown;

  private UnfinishedArchive(Journal.Content content, boolean grown) {
    this.content = content;
    this.grown = grown;
  }

  /** What there is of an archive; empty if there is none, or none that can be resumed. */
  public static Optional<UnfinishedArchive> find(ArchiveSpec spec) throws IOException {
    Path first = spec.file(1);
    if (!Files.exists(first) && !Files.exists(ArchiveFileNames.partial(first))) {
      return Optional.empty();
    }
    return Journal.read(spec.names().journal())
        .map(content -> new UnfinishedArchive(content, false));
  }

  /** What the plan was made for, as it was told to {@link ArchiveWriter#create}. */
  public String key() {
    return content.plan().key();
  }

  /** The plan, whose totals count what is there already as being at the target. */
  public Plan plan() {
    Plan plan = content.plan().plan();
    return new Plan(plan.images(), plan.settled(), plan.totals().keeping(keptBytes()));
  }

  /** Whether it is to replace a finished archive of its name. */
  public boolean replaces() {
    return content.plan().replaces();
  }

  /** How many bytes of blobs are there already, as far as the journal knows. */
  public long keptBytes() {
    return content.kept().values().stream().mapToLong(ByteRanges::bytes).sum();
  }

  /**
   * Whether a part of a blob is there, which only {@link ArchiveWriter#resume} makes use of: an
   * archive that replaces this one would fetch that blob from its first byte.
   */
  public boolean hasPartsOfBlobs() {
    return content.plan().plan().images().stream()
        .flatMap(image -> image.blobs().stream())
        .anyMatch(
            blob -> {
              long kept = content.kept().getOrDefault(blob.digest(), new ByteRanges()).bytes();
              return kept > 0 && kept < blob.size();
            });
  }

  /**
   * Whether a finished file that is there is this archive as an earlier run left it, and not the
   * one that it is to replace.
   */
  public boolean isFinished(ArchiveSpec spec) throws IOException {
    return FinishedVolume.of(design(spec), 0, spec.file(1)).isPresent();
  }

  /**
   * The same archive with further images behind what there is, for {@link ArchiveWriter#resume};
   * nothing is written yet. In volumes they get further volumes. Empty if it is one file with no
   * room at its front: then it has to be made anew.
   *
   * @param late the images, none of which is in the plan
   * @param settled what becomes of all others
   */
  public Optional<UnfinishedArchive> with(
      List<PlannedImage> late, List<ImageResult> settled, ArchiveSpec spec) throws IOException {
    JournalPlan old = content.plan();
    List<PlannedImage> images = Stream.concat(old.plan().images().stream(), late.stream()).toList();
    Plan plan = new Plan(images, settled, old.plan().totals());
    Set<Digest> inBase = spec.base().map(Inventory::byDigest).map(Map::keySet).orElse(Set.of());
    JournalPlan larger =
        new JournalPlan(
            old.key(), plan.having(inBase), old.replaces(), old.stages().then(late.size()));
    UnfinishedArchive grown =
        new UnfinishedArchive(new Journal.Content(larger, content.kept()), true);
    return grown.design(spec).hasRoom() ? Optional.of(grown) : Optional.empty();
  }

  /** How many bytes its files lack, as far as the journal knows; finished volumes lack none. */
  public long missingBytes(ArchiveSpec spec) throws IOException {
    ArchiveDesign design = design(spec);
    FinishedParts finished = FinishedParts.of(design, spec);
    long missing = 0;
    for (int i = 0; i < design.volumes().size(); i++) {
      if (!finished.hasVolume(i + 1)) {
        VolumeContents volume = design.volumes().get(i);
        missing += volume.size() - keptBytes(volume.blobs().keySet());
      }
    }
    return missing;
  }

  private long keptBytes(Set<Digest> blobs) {
    return content.kept().entrySet().stream()
        .filter(kept -> blobs.contains(kept.getKey()))
        .mapToLong(kept -> kept.getValue().bytes())
        .sum();
  }

  /**
   * What was asked for of the volumes that an earlier run has finished, with all their images: they
   * are not written to again, and their images need nothing.
   */
  public Set<ImageRequest> finishedImages(ArchiveSpec spec) throws IOException {
    ArchiveDesign design = design(spec);
    FinishedParts finished = FinishedParts.of(design, spec);
    return design.images().stream()
        .filter(finished::hasImage)
        .map(image -> image.image().request())
        .collect(Collectors.toSet());
  }

  ArchiveDesign design(ArchiveSpec spec) throws IOException {
    return new ArchiveDesign(content.plan().plan().images(), spec, content.plan().stages());
  }

  Journal.Content content() {
    return content;
  }

  /** Whether the journal beside the archive does not say all this yet. */
  boolean hasGrown() {
    return grown;
  }
}
