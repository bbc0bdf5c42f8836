package io.mirrorimages.archive;

import io.mirrorimages.image.Digest;
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
  private final Path output;
  private final Journal.Content content;

  private UnfinishedArchive(Path output, Journal.Content content) {
    this.output = output;
    this.content = content;
  }

  /** What there is of {@code output}; empty if nothing is, or nothing that can be gone on with. */
  public static Optional<UnfinishedArchive> find(Path output) throws IOException {
    if (!Files.exists(output) && !Files.exists(PartialFile.of(output))) {
      return Optional.empty();
    }
    return Journal.read(output).map(content -> new UnfinishedArchive(output, content));
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

  /** How many bytes of blobs are there already, as far as the journal knows. */
  public long keptBytes() {
    return kept().values().stream().mapToLong(Long::longValue).sum();
  }

  Path output() {
    return output;
  }

  Map<Digest, Long> kept() {
    return content.kept();
  }
}
