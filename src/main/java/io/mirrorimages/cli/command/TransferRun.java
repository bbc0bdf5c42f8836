package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.closing.DigestCheck;
import io.mirrorimages.cli.closing.TransferClosing;
import io.mirrorimages.cli.option.ProjectOptions;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.UploadOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.disk.Fsync;
import io.mirrorimages.job.Cancellation.Interruptible;
import io.mirrorimages.job.FolderTarget;
import io.mirrorimages.job.HarborPreparation;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.job.JobSource;
import io.mirrorimages.job.JobTarget;
import io.mirrorimages.job.TransferJob;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.upload.Chunks;
import io.mirrorimages.state.OpenUploads;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Does a transfer for a command: its plan alone, or all of it.
 *
 * @param command what it is called
 * @param from the registries that the images come from; empty if they come from archives
 * @param archive the archive that they come from; empty if they come from registries
 * @param options those of the run
 * @param dryRun whether only the plan is wanted
 * @param stop what may end it
 * @param out where it is shown
 * @param err where hints go
 * @param telling changes what is told of each image
 * @param digests checks those of the images that have ended
 */
record TransferRun(
    String command,
    Optional<Registries> from,
    Optional<ArchiveReader> archive,
    RunOptions options,
    boolean dryRun,
    StopSignal stop,
    PrintStream out,
    PrintStream err,
    UnaryOperator<ImageResult> telling,
    DigestCheck digests) {

  /** One that tells the results as they are. */
  TransferRun(
      String command,
      Optional<Registries> from,
      Optional<ArchiveReader> archive,
      RunOptions options,
      boolean dryRun,
      StopSignal stop,
      PrintStream out,
      PrintStream err) {
    this(
        command,
        from,
        archive,
        options,
        dryRun,
        stop,
        out,
        err,
        UnaryOperator.identity(),
        DigestCheck.none());
  }

  /** Transfers to a registry and gives the exit code. */
  int into(
      Registries registries,
      Destination destination,
      UploadOptions uploads,
      ProjectOptions projects,
      JobSource source,
      TransferJob job)
      throws IOException {
    Chunks chunks = uploads.chunks();
    BeforeRun before = new BeforeRun(options, stop, err);
    Interruptible<HarborPreparation> preparing =
        () -> {
          registries.check(destination.registry());
          return HarborPreparation.of(
              registries,
              destination.registry(),
              job.requests(),
              projects.creation(),
              options.listeners());
        };
    // A dry run has no outcome: a signal ends it at once.
    Optional<HarborPreparation> ready =
        dryRun ? Optional.of(preparing.run()) : before.result(registries::close, preparing);
    if (ready.isEmpty()) {
      return before.exitCode();
    }
    HarborPreparation prepared = ready.get();
    boolean harbor = prepared.harbor().isPresent();
    try (OpenUploads open =
        dryRun ? OpenUploads.inMemory() : uploads.open(destination, options.listeners())) {
      return carryOut(
          Optional.empty(),
          job.with(options.gentler(job.mirror(), harbor)),
          source,
          JobTarget.of(registries, prepared, chunks, open, StopSignal.FOR_REQUESTS));
    }
  }

  /** Transfers to a folder and gives the exit code. */
  int into(Path folder, JobSource source, TransferJob job) throws IOException {
    try (FolderTarget target = new FolderTarget(folder)) {
      int exitCode = carryOut(Optional.of(folder), job, source, target);
      if (!dryRun) {
        hintUnforced(folder, options.listeners());
      }
      return exitCode;
    }
  }

  /** Says if files are not on the disk yet when the run ends. */
  static void hintUnforced(Object output, RunListener listener) {
    if (Fsync.wasRefused()) {
      listener.on(
          new RunEvent.Hint(
              "the file system of "
                  + output
                  + " brings no file to the disk on demand: run sync before it is unplugged"));
    }
  }

  private int carryOut(Optional<Path> folder, TransferJob job, JobSource source, JobTarget target)
      throws IOException {
    if (dryRun) {
      Plan plan = job.plan(source, target, JobLines.ofPlan(options.listeners()));
      int exitCode = PlanExit.print(options, plan, from, out);
      return digests.code(JobResult.foreseen(plan).results(), exitCode, options.listeners());
    }
    TransferClosing closing =
        new TransferClosing(
            archive.isPresent() ? Optional.of(archive.get().files()) : Optional.empty(),
            folder,
            options.namesForCheck());
    try (Run run = Run.begin(command, job.requests(), closing, options, stop, err)) {
      return run.telling(result -> digests.telling(telling.apply(result)))
          .carryOut(
              () -> job.run(source, target, run.listener(), run.cancellation()).results(),
              results -> digests.code(results, ExitCode.of(results), run.listener()));
    }
  }
}
