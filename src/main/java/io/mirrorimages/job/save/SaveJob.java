package io.mirrorimages.job.save;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.job.Cancellation;
import io.mirrorimages.job.JobListener;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.job.JobSource;
import io.mirrorimages.job.SourcePreflight;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Registry to archive. A save that was stopped, or lost images, is resumed by the same job. Holds
 * no files and no connections between its calls; for one thread.
 */
public final class SaveJob {
  private final SaveOptions options;
  private final ArchiveSpec spec;
  private final String key;
  private final Optional<CompleteArchive> complete;
  private final Optional<UnfinishedArchive> earlier;

  private SaveJob(
      SaveOptions options,
      ArchiveSpec spec,
      String key,
      Optional<CompleteArchive> complete,
      Optional<UnfinishedArchive> earlier) {
    this.options = options;
    this.spec = spec;
    this.key = key;
    this.complete = complete;
    this.earlier = earlier;
  }

  /**
   * Looks at what earlier runs left; no registry is asked.
   *
   * @throws TransferException {@link FailureKind#OPTION} if the archive was begun by another job;
   *     other kinds if a file is in the way
   */
  public static SaveJob of(SaveOptions options) throws IOException {
    ArchiveSpec wanted = options.archive();
    List<ImageRequest> requests = options.requests();
    String key = key(options, requests);
    Optional<CompleteArchive> complete =
        wanted.overwrite() || options.refresh()
            ? Optional.empty()
            : CompleteArchive.find(wanted, key, requests);
    if (complete.isPresent()) {
      return new SaveJob(options, wanted, key, complete, Optional.empty());
    }
    Optional<UnfinishedArchive> earlier = earlier(options, key);
    ArchiveSpec spec =
        earlier.filter(UnfinishedArchive::replaces).isPresent() ? wanted.overwriting() : wanted;
    return new SaveJob(options, spec, key, complete, earlier);
  }

  /** An earlier archive that has all of it: there is nothing to do then. */
  public Optional<CompleteArchive> complete() {
    return complete;
  }

  /**
   * Saves, or resumes what was begun. A single image's failure is its result.
   *
   * @param source where the images come from; not asked where there is nothing to do
   * @throws IOException if all of it failed, as without a registry that answers, or without space
   */
  public JobResult run(JobSource source, JobListener listener, Cancellation cancellation)
      throws IOException {
    if (complete.isPresent()) {
      listener.note(complete.get().toString());
      return new JobResult(complete.get().results(), Optional.empty());
    }
    try (ReusableArchives old = ReusableArchives.of(spec, earlier, options.base())) {
      SaveRun run =
          new SaveRun(
              spec,
              options.requests(),
              options.mirror(),
              source.with(old.before(source.images())),
              listener,
              cancellation);
      return earlier.isPresent() ? new ResumedSave(run, earlier.get()).results() : run.begin(key);
    }
  }

  /** What {@link #run} would do; nothing is written. {@link #checkSpace} tells whether it fits. */
  public Plan plan(JobSource source, RunListener listener) throws IOException {
    if (earlier.isPresent()) {
      return earlier.get().plan();
    }
    try (ReusableArchives old = ReusableArchives.of(spec, earlier, options.base());
        Mirror mirror = new Mirror(old.before(source.images()), options.mirror(), listener)) {
      SourcePreflight preflight = SourcePreflight.of(source.check(), options.requests());
      return SaveRun.fitting(
              OversizedImages.leavingOutBase(mirror.plan(preflight.reachable()), spec), spec)
          .with(preflight.failed());
    }
  }

  /** Bytes of the archive of a plan, its volumes together. */
  public long size(Plan plan) throws IOException {
    return ArchiveWriter.sizeOf(plan, spec);
  }

  /** How many volumes the archive of a plan has; empty if it is one file. */
  public OptionalInt volumes(Plan plan) throws IOException {
    return spec.volumeSize().isPresent()
        ? OptionalInt.of(ArchiveWriter.volumesOf(plan.images(), spec))
        : OptionalInt.empty();
  }

  /**
   * Whether the archive of a plan fits on its disk.
   *
   * @param beside bytes of files that are to be written beside it
   * @throws TransferException if it does not
   */
  public void checkSpace(Plan plan, long beside) throws IOException {
    SaveRun.checkSpace(plan, spec, earlier, beside);
  }

  /** What the plan depends on: a run with another list or filter is another one. */
  private static String key(SaveOptions options, List<ImageRequest> requests) {
    ArchiveSpec spec = options.archive();
    String wanted =
        options.mirror().filter()
            + (options.mirror().imagesOnly() ? " images only" : "")
            + "\n"
            + (spec.volumeSize().isPresent() ? "volumes " + spec.volumeSize().getAsLong() : "")
            + spec.base().map(base -> "base " + base.id()).orElse("")
            + "\n"
            + String.join("\n", requests.stream().map(r -> r.source().toString()).toList())
            + (options.content().isEmpty() ? "" : "\n" + options.content());
    return Digest.sha256(wanted.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** What an earlier run of this job left; refuses to touch what another one left or made. */
  private static Optional<UnfinishedArchive> earlier(SaveOptions options, String key)
      throws IOException {
    ArchiveSpec spec = options.archive();
    Optional<UnfinishedArchive> earlier =
        options.refresh() ? Optional.empty() : UnfinishedArchive.find(spec);
    boolean ours = earlier.isPresent() && earlier.get().key().equals(key);
    if (!ours) {
      spec.check();
    }
    if (earlier.isPresent() && !ours && (!spec.overwrite() || spec.isBegun())) {
      throw new TransferException(
          FailureKind.OPTION,
          ArchiveFileNames.partial(spec.file(1))
              + " was begun with another list, archive, platform, volume size or base: give that"
              + " one again, name another "
              + Setting.OUTPUT
              + ", or begin anew with "
              + Setting.REFRESH);
    }
    return ours ? earlier : Optional.empty();
  }
}
