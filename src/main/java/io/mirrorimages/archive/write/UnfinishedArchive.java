package io.mirrorimages.archive.write;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.PartialFile;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.Extents;
import io.mirrorimages.mirror.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What an earlier run that did not get to its end left of an archive: its pinned plan, and part of
 * the bytes. Immutable; a later run goes on with {@link ArchiveWriter#resume}.
 */
public final class UnfinishedArchive {
  private final Journal.Content content;

  private UnfinishedArchive(Journal.Content content) {
    this.content = content;
  }

  /** What there is of an archive; empty if nothing is, or nothing that can be gone on with. */
  public static Optional<UnfinishedArchive> find(ArchiveSpec spec) throws IOException {
    Path first = spec.file(1);
    if (!Files.exists(first) && !Files.exists(PartialFile.of(first))) {
      return Optional.empty();
    }
    return Journal.read(spec.output()).map(UnfinishedArchive::new);
  }

  /** What the plan was made for, as it was told to {@link ArchiveWriter#create}. */
  public String key() {
    return content.key();
  }

  /** The plan, whose totals count what is there already as being at the target. */
  public Plan plan() {
    Plan plan = content.plan();
    return new Plan(plan.images(), plan.settled(), plan.totals().keeping(keptBytes()));
  }

  /** Whether it is to replace a finished archive of its name. */
  public boolean replaces() {
    return content.replaces();
  }

  /** How many bytes of blobs are there already, as far as the journal knows. */
  public long keptBytes() {
    return kept().values().stream().mapToLong(Extents::bytes).sum();
  }

  /**
   * Whether a part of a blob is there, which only {@link ArchiveWriter#resume} makes use of: an
   * archive that replaces this one would fetch that blob from its first byte.
   */
  public boolean hasPartsOfBlobs() {
    return content.plan().images().stream()
        .flatMap(image -> image.blobs().stream())
        .anyMatch(
            blob -> {
              long kept = kept().getOrDefault(blob.digest(), new Extents()).bytes();
              return kept > 0 && kept < blob.size();
            });
  }

  Map<Digest, Extents> kept() {
    return content.kept();
  }
}
