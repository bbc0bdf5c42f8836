package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.AmbiguousName;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.cli.closing.DigestCheck;
import io.mirrorimages.cli.closing.SaveAdvice;
import io.mirrorimages.cli.closing.SaveClosing;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ArchiveOutput;
import io.mirrorimages.cli.option.ImageNameOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.job.FolderTarget;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.job.JobSource;
import io.mirrorimages.job.LoadJob;
import io.mirrorimages.job.convert.PlatformJoin;
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
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--join-platforms",
      description =
          "Where archives have images of one name for different platforms, make one image of them,"
              + " with a new index of the same manifests.")
  private boolean joinPlatforms;

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
    try (ArchiveReader reader = imageName.openAmbiguous(archive, options, err)) {
      refuseItself(reader);
      PlatformJoin join = join(reader);
      Optional<List<Reference>> wanted = lists.readIfGiven(options.listeners());
      List<Reference> names = join.names(new ArchiveNames(reader, archive.name()).named(wanted));
      ArchiveRemarks remarks = new ArchiveRemarks(reader, archive.name(), options.listeners());
      remarks.nameOtherPrefix(wanted);
      DigestCheck digests = remarks.digests(wanted, Optional.empty(), false);
      remarks.nameLater();
      int exitCode;
      try (StopSignal stop = options.stopSignal(err)) {
        exitCode =
            switch (made) {
              case ImageLocation.OciArchive file -> into(file, reader, join, names, digests, stop);
              case ImageLocation.OciLayout folder ->
                  into(folder, reader, join, names, digests, stop);
            };
      }
      remarks.nameMissingVolumes(exitCode);
      archive.ended(reader, exitCode);
      return digests.end(
          lists.isGiven() || dryRun.isGiven() ? exitCode : remarks.exitCode(exitCode));
    }
  }

  private void refuseItself(ArchiveReader reader) throws IOException {
    for (ArchivedFile source : reader.files()) {
      if (target.makes(source.path())) {
        throw new UsageException(source.path() + " is read here: give another name with --to");
      }
    }
  }

  /** A name of several images is refused, or these are joined. */
  private PlatformJoin join(ArchiveReader reader) throws IOException {
    List<AmbiguousName> ambiguous = reader.ambiguous();
    if (!joinPlatforms && !ambiguous.isEmpty()) {
      AmbiguousName first = ambiguous.getFirst();
      throw new UsageException(
          "%s is %s%s: give one of them, or, if they are of different platforms, --join-platforms"
              .formatted(
                  first.name(),
                  first.claims().stream()
                      .map(claim -> claim.image().descriptor().digest() + " in " + claim.file())
                      .collect(Collectors.joining(", and ")),
                  ambiguous.size() == 1
                      ? ""
                      : ", the first of " + ambiguous.size() + " such names"));
    }
    return PlatformJoin.of(reader);
  }

  private int into(
      ImageLocation.OciLayout folder,
      ArchiveReader reader,
      PlatformJoin join,
      List<Reference> names,
      DigestCheck digests,
      StopSignal stop)
      throws IOException {
    LoadJob job =
        new LoadJob(FolderTarget.requests(names), options.mirror(platforms), TargetNaming.SAME);
    return new TransferRun(
            NAME,
            Optional.empty(),
            Optional.of(reader),
            options,
            dryRun.isGiven(),
            stop,
            out,
            err,
            join::telling,
            digests)
        .into(folder.path(), JobSource.of(join), job);
  }

  private int into(
      ImageLocation.OciArchive file,
      ArchiveReader reader,
      PlatformJoin join,
      List<Reference> names,
      DigestCheck digests,
      StopSignal stop)
      throws IOException {
    SaveOptions wanted =
        target
            .options(file.path(), names, options.mirror(platforms), options.listeners())
            .from(join);
    SaveJob job = SaveJob.of(wanted);
    JobSource source = JobSource.of(join);
    if (dryRun.isGiven()) {
      return dryRun(job, source, digests);
    }
    SaveClosing closing =
        new SaveClosing(wanted.archive(), Optional.empty(), platforms.wordsForCopy());
    try (Run run = Run.begin(NAME, wanted.requests(), closing, options, stop, err)) {
      int exitCode =
          run.telling(result -> digests.telling(join.telling(result)))
              .carryOut(
                  () -> {
                    JobResult result = job.run(source, run.listener(), run.cancellation());
                    SaveAdvice.report(
                        result,
                        reader.files(),
                        wanted.archive(),
                        run.failed().orElseThrow(),
                        run.listener());
                    return result.results();
                  },
                  results -> digests.code(results, ExitCode.of(results), run.listener()));
      TransferRun.hintUnforced(file, run.listener());
      return exitCode;
    }
  }

  private int dryRun(SaveJob job, JobSource source, DigestCheck digests) throws IOException {
    if (job.complete().isPresent()) {
      PlanExit.print(options, job.complete().get().toString(), out);
      return 0;
    }
    Plan plan = job.plan(source, JobLines.ofPlan(options.listeners()));
    int exitCode = PlanExit.print(options, plan, Optional.empty(), out);
    PlanExit.print(options, "archive size         " + Units.exactBytes(job.size(plan)), out);
    job.checkSpace(plan, 0);
    return digests.code(JobResult.foreseen(plan).results(), exitCode, options.listeners());
  }
}
