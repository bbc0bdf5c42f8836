package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.unpack.Unpacker.Precondition;
import io.mirrorimages.cli.closing.DigestCheck;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.DigestsOption;
import io.mirrorimages.cli.option.ImageNameOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.ProjectOptions;
import io.mirrorimages.cli.option.RegistryOption;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.SideOptions;
import io.mirrorimages.cli.option.UploadOptions;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.failure.Side;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.job.FolderTarget;
import io.mirrorimages.job.JobSource;
import io.mirrorimages.job.LoadJob;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.TargetNaming;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
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

  @Mixin private ImageNameOption imageName;

  @Mixin private DigestsOption digests;

  LoadCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void addSides(CommandSpec spec) {
    target = SideOptions.addTo(spec, Side.TARGET, true);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    Optional<ImageLocation.OciLayout> folder = registry.folder();
    if (folder.isPresent()) {
      try (ArchiveReader reader = imageName.open(archive, options, err, Precondition.NONE)) {
        return loadInto(folder.get().path(), reader, names(reader));
      }
    }
    Destination destination = registry.destination(options.listeners());
    String host = destination.registry();
    // A password that the registry refuses costs no unpacking.
    try (Registries registries = target.registries(options, lists, List.of(host));
        ArchiveReader reader =
            imageName.open(archive, options, err, () -> registries.check(host))) {
      return load(destination, registries, reader, names(reader));
    }
  }

  private ListedNames names(ArchiveReader reader) throws IOException, ImageListException {
    Optional<List<Reference>> wanted = lists.readIfGiven(options.listeners());
    List<Reference> names = new ArchiveNames(reader, archive.name()).named(wanted);
    ArchiveRemarks remarks = remarks(reader);
    remarks.nameOtherPrefix(wanted);
    DigestCheck check =
        remarks.digests(wanted, digests.of(names), !options.mirror(platforms).filter().takesAll());
    remarks.nameLater();
    return new ListedNames(names, check);
  }

  /**
   * What is loaded.
   *
   * @param digests checks those of the images that have ended
   */
  private record ListedNames(List<Reference> names, DigestCheck digests) {}

  private int load(
      Destination destination, Registries registries, ArchiveReader reader, ListedNames listed)
      throws IOException {
    List<ImageRequest> requests =
        RegistryOption.requests(destination, listed.names, options.listeners());
    LoadJob job = new LoadJob(requests, replace.of(options.mirror(platforms)), destination::name);
    try (StopSignal stop = options.stopSignal(err)) {
      return remarked(
          reader,
          listed,
          run(stop, reader, listed)
              .into(registries, destination, uploads, projects, JobSource.of(reader), job));
    }
  }

  private int loadInto(Path folder, ArchiveReader reader, ListedNames listed) throws IOException {
    LoadJob job =
        new LoadJob(
            FolderTarget.requests(listed.names),
            replace.of(options.mirror(platforms)),
            TargetNaming.SAME);
    try (StopSignal stop = options.stopSignal(err)) {
      return remarked(
          reader, listed, run(stop, reader, listed).into(folder, JobSource.of(reader), job));
    }
  }

  private TransferRun run(StopSignal stop, ArchiveReader reader, ListedNames listed) {
    return new TransferRun(
        "load",
        Optional.empty(),
        Optional.of(reader),
        options,
        dryRun.isGiven(),
        stop,
        out,
        err,
        UnaryOperator.identity(),
        listed.digests);
  }

  private int remarked(ArchiveReader reader, ListedNames listed, int exitCode) throws IOException {
    ArchiveRemarks remarks = remarks(reader);
    remarks.nameMissingVolumes(exitCode);
    archive.ended(reader, exitCode);
    boolean some = lists.isGiven() || dryRun.isGiven();
    return listed.digests.end(some ? exitCode : remarks.exitCode(exitCode));
  }

  private ArchiveRemarks remarks(ArchiveReader reader) {
    return new ArchiveRemarks(reader, archive.name(), options.listeners());
  }
}
