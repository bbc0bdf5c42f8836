package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.ProjectOptions;
import io.mirrorimages.cli.option.RegistryOption;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.SideOptions;
import io.mirrorimages.cli.option.UploadOptions;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.FolderCopy;
import io.mirrorimages.job.HarborPreparation;
import io.mirrorimages.job.JobTarget;
import io.mirrorimages.job.LoadJob;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.upload.Chunks;
import io.mirrorimages.state.OpenUploads;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** Archive to registry. */
@Command(
    name = "load",
    description =
        "Load an archive into a registry. What the registry has already is not sent again.",
    mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer>, Remote {
  private final PrintStream out;
  private final PrintStream err;

  @SuppressWarnings("NullAway.Init") // Set by picocli, before the command runs.
  private SideOptions target;

  @Mixin private ListOption lists;
  @Mixin private RegistryOption registry;
  @Mixin private RunOptions options;
  @Mixin private RunOptions.PlatformOption platforms;
  @Mixin private RunOptions.ReplaceOption replace;
  @Mixin private RunOptions.DryRunOption dryRun;
  @Mixin private UploadOptions uploads;
  @Mixin private ProjectOptions projects;

  @Mixin private ArchiveOption archive;

  LoadCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void addSides(CommandSpec spec) {
    target = SideOptions.addTo(spec, "target", true);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    Optional<ImageLocation.LayoutFolder> folder = registry.folder();
    if (folder.isPresent()) {
      return loadInto(folder.get());
    }
    Destination destination = registry.destination();
    Chunks chunks = uploads.chunks();
    try (ArchiveReader reader = archive.open()) {
      List<Reference> names = ArchiveImages.named(reader, archive, lists);
      ArchiveImages.nameRebuilt(reader, err);
      List<ImageRequest> requests =
          RegistryOption.requests(destination, names, options.remarks(err));
      MirrorOptions usual = replace.of(options.mirror(platforms));
      try (StopSignal stop = options.stopSignal(err);
          Registries registries =
              target.registries(options, lists, List.of(destination.registry()), err)) {
        registries.check(destination.registry());
        HarborPreparation prepared =
            HarborPreparation.of(
                registries, destination.registry(), requests, projects.creation(), this::hint);
        MirrorOptions how = options.gentler(usual, prepared.harbor().isPresent());
        if (dryRun.isGiven()) {
          try (Mirror mirror = new Mirror(reader, how, RunListener.NONE)) {
            ImageTarget there = prepared.foresee(registries.asTarget(), out::println, this::hint);
            return PlanExit.print(
                prepared
                    .checked(mirror.plan(requests, there, destination::name), this::hint)
                    .plan(),
                out);
          }
        }
        try (OpenUploads open = uploads.open(destination, err);
            Run run = Run.begin("load", requests, options, stop, out, err)) {
          LoadJob job = new LoadJob(requests, how, destination::name);
          JobTarget there =
              JobTarget.of(registries, prepared, chunks, open, StopSignal.FOR_REQUESTS);
          int exitCode =
              run.carryOut(
                  open, () -> job.run(reader, there, run.listener(), run.cancellation()).results());
          ArchiveImages.nameMissingVolumes(reader, exitCode, err);
          return lists.isGiven()
              ? exitCode
              : ArchiveImages.exitCode(reader, archive, exitCode, err);
        }
      }
    }
  }

  private void hint(String line) {
    err.println("mirror-images: " + line);
  }

  /** Archive to folder. */
  private int loadInto(ImageLocation.LayoutFolder folder) throws IOException, ImageListException {
    try (ArchiveReader reader = archive.open()) {
      List<Reference> names = ArchiveImages.named(reader, archive, lists);
      ArchiveImages.nameRebuilt(reader, err);
      int exitCode =
          new FolderSave("load", folder.path(), options, dryRun.isGiven(), out, err)
              .carryOut(FolderCopy.requests(names), replace.of(options.mirror(platforms)), reader);
      ArchiveImages.nameMissingVolumes(reader, exitCode, err);
      return lists.isGiven() || dryRun.isGiven()
          ? exitCode
          : ArchiveImages.exitCode(reader, archive, exitCode, err);
    }
  }
}
