package io.mirrorimages.cli.command;

import io.mirrorimages.cli.closing.Closing;
import io.mirrorimages.cli.closing.SaveAdvice;
import io.mirrorimages.cli.closing.SaveClosing;
import io.mirrorimages.cli.command.carry.CarryOptions;
import io.mirrorimages.cli.command.carry.NodeImportOption;
import io.mirrorimages.cli.option.ArchiveOutput;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.RouteOptions;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.SideOptions;
import io.mirrorimages.cli.option.value.NumberOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.disk.FreeSpace;
import io.mirrorimages.failure.Side;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.FolderTarget;
import io.mirrorimages.job.JobResult;
import io.mirrorimages.job.JobSource;
import io.mirrorimages.job.SyncJob;
import io.mirrorimages.job.save.CompleteArchive;
import io.mirrorimages.job.save.SaveJob;
import io.mirrorimages.job.save.SaveOptions;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.ParallelDownloadPolicy;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Registry to archive. */
@Command(
    name = "save",
    description = "Save the images of a list into an archive, to be carried across the air gap.",
    mixinStandardHelpOptions = true)
final class SaveCommand implements Callable<Integer>, Remote {
  private final PrintStream out;
  private final PrintStream err;

  @SuppressWarnings("NullAway.Init") // Set by picocli, before the command runs.
  private SideOptions source;

  @Mixin private ListOption lists;
  @Mixin private ArchiveOutput target;
  @Mixin private RunOptions options;
  @Mixin private RunOptions.PlatformOption platforms;
  @Mixin private RunOptions.DryRunOption dryRun;
  @Mixin private RouteOptions routes;
  @Mixin private CarryOptions carrying;
  @Mixin private NodeImportOption nodeImport;

  @Option(
      names = "--segments",
      paramLabel = "N",
      converter = NumberOption.Segments.class,
      defaultValue = "1",
      description =
          "Fetch each layer of 32 MiB or more in up to N parts at once, where a server sends parts:"
              + " for accelerators that limit each connection (default: ${DEFAULT-VALUE}; at most"
              + " 16).")
  private int segments;

  SaveCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void addSides(CommandSpec spec) {
    source = SideOptions.addTo(spec, Side.SOURCE, true);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    if (target.output().isEmpty() && !nodeImport.isGiven()) {
      throw new UsageException("no archive to make: add --output FILE");
    }
    List<Reference> names = lists.read(options.listeners());
    MirrorOptions how =
        nodeImport.with(options.mirror(platforms)).with(ParallelDownloadPolicy.of(segments));
    ImageLocation.Local output =
        nodeImport.output(
            target.output().orElse(null),
            names,
            platforms.filter().wanted(),
            target.volumeSize().isPresent(),
            target.base().isPresent());
    return switch (output) {
      case ImageLocation.OciArchive file -> save(file, names, how);
      case ImageLocation.OciLayout folder -> save(folder, names, how);
    };
  }

  private int save(ImageLocation.OciLayout folder, List<Reference> names, MirrorOptions how)
      throws IOException {
    target.refuseFor(folder);
    carrying.given().forEach(option -> ArchiveOutput.refuse(true, option, folder));
    ArchiveOutput.refuse(segments > 1, "--segments", folder);
    SyncJob job = new SyncJob(FolderTarget.requests(names), how);
    try (StopSignal stop = options.stopSignal(err);
        Registries from = source.registries(options, lists, routes, names)) {
      return new TransferRun(
              "save",
              Optional.of(from),
              Optional.empty(),
              options,
              dryRun.isGiven(),
              stop,
              out,
              err)
          .into(folder.path(), JobSource.of(from), job);
    }
  }

  private int save(ImageLocation.OciArchive file, List<Reference> names, MirrorOptions how)
      throws IOException {
    SaveOptions wanted = target.options(file.path(), names, how, options.listeners());
    carrying.check(wanted.archive(), nodeImport.archive());
    SaveJob job = SaveJob.of(wanted);
    if (job.complete().isPresent()) {
      return nothingToDo(job.complete().get(), wanted);
    }
    try (StopSignal stop = options.stopSignal(err);
        Registries registries = source.registries(options, lists, routes, names)) {
      if (dryRun.isGiven()) {
        return dryRun(job, wanted, registries);
      }
      JobSource from = JobSource.of(registries);
      try (Run run = Run.begin("save", wanted.requests(), closing(wanted), options, stop, err)) {
        int exitCode =
            run.carryOut(
                () -> {
                  carrying.putTool(run.listener());
                  JobResult result = job.run(from, run.listener(), run.cancellation());
                  SaveAdvice.report(
                      result,
                      List.of(),
                      wanted.archive(),
                      run.failed().orElseThrow(),
                      run.listener());
                  carrying.finish(wanted.archive().names(), run.listener());
                  return result.results();
                });
        TransferRun.hintUnforced(file, run.listener());
        carrying.report(wanted.archive().names(), run.listener());
        nodeImport.report(wanted.archive().names(), wanted.images(), run.listener());
        return exitCode;
      }
    }
  }

  private int nothingToDo(CompleteArchive complete, SaveOptions wanted) throws IOException {
    if (dryRun.isGiven()) {
      PlanExit.print(options, complete.toString(), out);
      return ExitCode.DONE;
    }
    try (StopSignal stop = options.stopSignal(err);
        Run run = Run.begin("save", wanted.requests(), closing(wanted), options, stop, err)) {
      run.listener().note(complete.toString());
      int exitCode =
          run.carryOut(
              () -> {
                carrying.finish(wanted.archive().names(), run.listener());
                return complete.results();
              });
      carrying.report(wanted.archive().names(), run.listener());
      nodeImport.report(wanted.archive().names(), wanted.images(), run.listener());
      return exitCode;
    }
  }

  private Closing closing(SaveOptions wanted) {
    return new SaveClosing(wanted.archive(), nodeImport.archive(), platforms.wordsForCopy());
  }

  private int dryRun(SaveJob job, SaveOptions wanted, Registries from) throws IOException {
    Plan plan = job.plan(JobSource.of(from), JobLines.ofPlan(options.listeners()));
    int exitCode = PlanExit.print(options, plan, Optional.of(from), out);
    say("archive size         " + Units.exactBytes(job.size(plan)));
    OptionalInt volumes = job.volumes(plan);
    if (volumes.isPresent()) {
      say("volumes              " + volumes.getAsInt());
    }
    long beside = carrying.besideBytes();
    if (beside > 0) {
      say("tool beside it       at most " + beside);
    }
    if (options.isPlanned()) {
      OptionalLong sticks = carrying.sticks(volumes, target.volumeSize());
      sticks.ifPresent(n -> say("sticks               " + n));
      long free = FreeSpace.of(wanted.archive().names().folder());
      say("free on its disk     " + Units.exactBytes(free));
    }
    job.checkSpace(plan, beside);
    return exitCode;
  }

  private void say(String line) {
    PlanExit.print(options, line, out);
  }
}
