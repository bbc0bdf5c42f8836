package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.cli.closing.SaveAdvice;
import io.mirrorimages.cli.closing.SaveClosing;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ArchiveOutput;
import io.mirrorimages.cli.option.ImageNameOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.job.FolderTarget;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.job.JobSource;
import io.mirrorimages.job.LoadJob;
import io.mirrorimages.job.save.SaveJob;
import io.mirrorimages.job.save.SaveOptions;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** Archives, of any tool, to one archive. */
@Command(
    name = ConvertCommand.NAME,
    description =
        "Make one archive of one or several, also of other tools. Each blob is hashed, and is there"
            + " once.",
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer>, Remote {
  static final String NAME = "convert";

  private final PrintStream out;
  private final PrintStream err;

  @Mixin private ListOption lists;
  @Mixin private ArchiveOption archive;
  @Mixin private ArchiveOutput target;
  @Mixin private ImageNameOption imageName;
  @Mixin private RunOptions options;
  @Mixin private RunOptions.PlatformOption platforms;
  @Mixin private RunOptions.DryRunOption dryRun;

  ConvertCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** It has no registry at either side. */
  @Override
  public void addSides(CommandSpec spec) {
    ArchiveOption.addName(spec, "--from");
    ArchiveOutput.addName(spec, "--to");
    RunOptions.withoutRegistries(spec);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    ImageLocation.Local made =
        target
            .output()
            .orElseThrow(() -> new UsageException("no archive to make: add --to FILE or oci:DIR"));
    if (made instanceof ImageLocation.OciLayout folder) {
      target.refuseFor(folder);
    }
    try (ArchiveReader reader = imageName.open(archive, options.listeners())) {
      refuseItself(reader);
      Optional<List<Reference>> wanted = lists.readIfGiven(options.listeners());
      List<Reference> names = new ArchiveNames(reader, archive.name()).named(wanted);
      ArchiveRemarks remarks = new ArchiveRemarks(reader, archive.name(), options.listeners());
      remarks.nameOtherPrefix(wanted);
      boolean digestsLost = remarks.nameRebuilt(wanted);
      remarks.nameLater();
      int exitCode;
      try (StopSignal stop = options.stopSignal(err)) {
        exitCode =
            switch (made) {
              case ImageLocation.OciArchive file -> into(file, reader, names, stop);
              case ImageLocation.OciLayout folder -> into(folder, reader, names, stop);
            };
      }
      remarks.nameMissingVolumes(exitCode);
      archive.ended(reader, exitCode, options.listeners());
      return lists.isGiven() || dryRun.isGiven()
          ? ArchiveRemarks.exitCode(exitCode, digestsLost)
          : remarks.exitCode(exitCode);
    }
  }

  private void refuseItself(ArchiveReader reader) throws IOException {
    for (ArchivedFile source : reader.files()) {
      if (target.makes(source.path())) {
        throw new UsageException(source.path() + " is read here: give another name with --to");
      }
    }
  }

  private int into(
      ImageLocation.OciLayout folder, ArchiveReader reader, List<Reference> names, StopSignal stop)
      throws IOException {
    LoadJob job =
        new LoadJob(FolderTarget.requests(names), options.mirror(platforms), TargetNaming.SAME);
    return new TransferRun(
            NAME, Optional.empty(), Optional.of(reader), options, dryRun.isGiven(), stop, out, err)
        .into(folder.path(), JobSource.of(reader), job);
  }

  private int into(
      ImageLocation.OciArchive file, ArchiveReader reader, List<Reference> names, StopSignal stop)
      throws IOException {
    SaveOptions wanted =
        target
            .options(file.path(), names, options.mirror(platforms), options.listeners())
            .from(reader);
    SaveJob job = SaveJob.of(wanted);
    JobSource source = JobSource.of(reader);
    if (dryRun.isGiven()) {
      return dryRun(job, source);
    }
    SaveClosing closing = new SaveClosing(wanted.archive(), Optional.empty());
    try (Run run = Run.begin(NAME, wanted.requests(), closing, options, stop, err)) {
      int exitCode =
          run.carryOut(
              () -> {
                JobResult result = job.run(source, run.listener(), run.cancellation());
                SaveAdvice.report(
                    result, wanted.archive(), run.failed().orElseThrow(), run.listener());
                return result.results();
              });
      TransferRun.hintUnforced(file, run.listener());
      return exitCode;
    }
  }

  private int dryRun(SaveJob job, JobSource source) throws IOException {
    if (job.complete().isPresent()) {
      PlanExit.print(options, job.complete().get().toString(), out);
      return 0;
    }
    Plan plan = job.plan(source, JobLines.ofPlan(options.listeners()));
    int exitCode = PlanExit.print(options, plan, Optional.empty(), out);
    PlanExit.print(options, "archive size         " + Units.exactBytes(job.size(plan)), out);
    job.checkSpace(plan, 0);
    return exitCode;
  }
}
