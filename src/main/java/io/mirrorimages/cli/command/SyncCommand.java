package io.mirrorimages.cli.command;

import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.ProjectOptions;
import io.mirrorimages.cli.option.RegistryOption;
import io.mirrorimages.cli.option.RouteOptions;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.SideOptions;
import io.mirrorimages.cli.option.UploadOptions;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.failure.Side;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.FolderTarget;
import io.mirrorimages.job.JobSource;
import io.mirrorimages.job.SyncJob;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** Registry to registry. */
@Command(
    name = "sync",
    description = "Copy the images of a list from their registries straight into another one.",
    mixinStandardHelpOptions = true)
final class SyncCommand implements Callable<Integer>, Remote {
  private final PrintStream out;
  private final PrintStream err;

  @SuppressWarnings("NullAway.Init") // Set by picocli, before the command runs.
  private SideOptions source;

  @SuppressWarnings("NullAway.Init") // Set by picocli, before the command runs.
  private SideOptions target;

  @Mixin private ListOption lists;
  @Mixin private RegistryOption registry;
  @Mixin private RunOptions options;
  @Mixin private RunOptions.PlatformOption platforms;
  @Mixin private RunOptions.ReplaceOption replace;
  @Mixin private RunOptions.DryRunOption dryRun;
  @Mixin private RouteOptions routes;
  @Mixin private UploadOptions uploads;
  @Mixin private ProjectOptions projects;

  SyncCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void addSides(CommandSpec spec) {
    source = SideOptions.addTo(spec, Side.SOURCE, false);
    target = SideOptions.addTo(spec, Side.TARGET, false);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    Optional<ImageLocation.OciLayout> folder = registry.folder();
    if (folder.isPresent()) {
      return syncInto(folder.get().path());
    }
    Destination destination = registry.destination(options.listeners());
    List<Reference> names = lists.read(options.listeners());
    SyncJob job =
        new SyncJob(
            RegistryOption.requests(destination, names, options.listeners()),
            replace.of(options.mirror(platforms)));
    SideOptions.refuseTwoPasswords(source, target);
    try (StopSignal stop = options.stopSignal(err);
        Registries from = source.registries(options, lists, routes, names);
        Registries to = target.registries(options, lists, List.of(destination.registry()), from)) {
      return run(stop, from).into(to, destination, uploads, projects, JobSource.of(from), job);
    }
  }

  private int syncInto(Path folder) throws IOException, ImageListException {
    List<Reference> names = lists.read(options.listeners());
    SyncJob job = new SyncJob(FolderTarget.requests(names), replace.of(options.mirror(platforms)));
    try (StopSignal stop = options.stopSignal(err);
        Registries from = source.registries(options, lists, routes, names)) {
      return run(stop, from).into(folder, JobSource.of(from), job);
    }
  }

  private TransferRun run(StopSignal stop, Registries from) {
    return new TransferRun(
        "sync", Optional.of(from), Optional.empty(), options, dryRun.isGiven(), stop, out, err);
  }
}
