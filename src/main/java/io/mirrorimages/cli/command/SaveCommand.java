package io.mirrorimages.cli.command;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.read.InventoryFile;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.archive.write.UnfinishedArchive;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.OutputLocation;
import io.mirrorimages.cli.option.RouteOptions;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.SideOptions;
import io.mirrorimages.cli.option.VolumeSize;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.disk.Forcing;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.CompleteArchive;
import io.mirrorimages.job.FolderCopy;
import io.mirrorimages.job.OversizedImages;
import io.mirrorimages.job.ReusableArchives;
import io.mirrorimages.job.SourcePreflight;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageSource;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Segments;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.PlanText;
import io.mirrorimages.report.PullLines;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
  /** As many requests as a host without a limit of its own gets at once. */
  private static final int MOST_SEGMENTS = 16;

  private final PrintStream out;
  private final PrintStream err;

  @SuppressWarnings("NullAway.Init") // Set by picocli, before the command runs.
  private SideOptions source;

  @Mixin private ListOption lists;
  @Mixin private RunOptions options;
  @Mixin private RunOptions.PlatformOption platforms;
  @Mixin private RunOptions.DryRunOption dryRun;
  @Mixin private RouteOptions routes;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE|oci:DIR",
      required = true,
      converter = OutputLocation.class,
      description =
          "The archive to make, a tar that is an OCI image layout; or oci:DIR, a folder that is"
              + " one, to which images are added.")
  private ImageLocation.Local output;

  @Option(
      names = "--volume-size",
      paramLabel = "SIZE",
      converter = VolumeSize.class,
      description =
          "Make volumes FILE-0001.tar, FILE-0002.tar, ... of at most this size: 4G, 700M, 4GiB, or"
              + " dvd, bd25, fat32.")
  private Long volumeSize;

  @Option(
      names = "--base",
      paramLabel = "FILE",
      description =
          "Leave out what this earlier archive has, given as the archive, one of its volumes, or"
              + " its inventory: a delta.")
  private Path base;

  @Option(
      names = "--overwrite",
      description =
          "Replace a finished archive of this name when the new one is complete; what the old one"
              + " has is not fetched again.")
  private boolean overwrite;

  @Option(
      names = "--refresh",
      description =
          "Do not resume an interrupted run: resolve all tags again and begin from the start.")
  private boolean refresh;

  @Option(
      names = "--segments",
      paramLabel = "N",
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
    source = SideOptions.addTo(spec, "source", true);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    List<Reference> names = lists.read(options.remarks(err));
    MirrorOptions how = options.mirror(platforms).with(segments());
    return switch (output) {
      case ImageLocation.ArchiveFile file -> save(file.path(), names, how);
      case ImageLocation.LayoutFolder folder -> save(folder, names, how);
    };
  }

  private int save(ImageLocation.LayoutFolder folder, List<Reference> names, MirrorOptions how)
      throws IOException {
    refuse(volumeSize != null, "--volume-size", folder);
    refuse(base != null, "--base", folder);
    refuse(overwrite, "--overwrite", folder);
    refuse(refresh, "--refresh", folder);
    refuse(segments > 1, "--segments", folder);
    FolderSave save = new FolderSave("save", folder.path(), options, dryRun.isGiven(), out, err);
    return save.carryOut(
        FolderCopy.requests(names),
        how,
        source.registries(
            options, lists, Destination.registries(names), routes.routing(names, err), err));
  }

  private static void refuse(boolean given, String option, ImageLocation.LayoutFolder folder) {
    if (given) {
      throw new UsageException(
          option + " does not go with " + folder + ": it is for archives; leave it out");
    }
  }

  private int save(Path file, List<Reference> names, MirrorOptions how)
      throws IOException, ImageListException {
    List<ImageRequest> requests = names.stream().map(name -> new ImageRequest(name, name)).toList();
    ArchiveSpec wanted = spec(file);
    String key = key(requests, how.filter(), wanted);
    Optional<CompleteArchive> complete =
        overwrite || refresh ? Optional.empty() : CompleteArchive.find(wanted, key, requests);
    if (complete.isPresent()) {
      return nothingToDo(complete.get(), requests);
    }
    Optional<UnfinishedArchive> earlier = earlier(wanted, key);
    ArchiveSpec spec =
        earlier.filter(UnfinishedArchive::replaces).isPresent() ? wanted.overwriting() : wanted;
    try (StopSignal stop = options.stopSignal(err);
        Registries registries =
            source.registries(
                options, lists, Destination.registries(names), routes.routing(names, err), err);
        ReusableArchives old = ReusableArchives.of(spec, earlier, Optional.ofNullable(base))) {
      ImageSource from = old.before(registries.asSource());
      if (dryRun.isGiven()) {
        return dryRun(requests, registries, from, how, spec, earlier);
      }
      try (Run run = Run.begin("save", requests, options, stop, out, err)) {
        Saving saving = new Saving(spec, requests, how, registries, from, run, err);
        int exitCode =
            run.carryOut(
                () ->
                    earlier.isPresent()
                        ? new ContinuedSaving(saving, earlier.get()).results()
                        : saving.begin(key));
        if (Forcing.wasRefused()) {
          err.println(
              "mirror-images: the file system of "
                  + output
                  + " brings no file to the disk on demand: run sync before it is unplugged");
        }
        return exitCode;
      }
    }
  }

  private int nothingToDo(CompleteArchive complete, List<ImageRequest> requests)
      throws IOException {
    if (dryRun.isGiven()) {
      out.println(complete);
      return ExitCode.DONE;
    }
    try (StopSignal stop = options.stopSignal(err);
        Run run = Run.begin("save", requests, options, stop, out, err)) {
      run.say(complete.toString());
      return run.carryOut(complete::results);
    }
  }

  private Segments segments() {
    if (segments < 1 || segments > MOST_SEGMENTS) {
      throw new UsageException("--segments takes a number from 1 to " + MOST_SEGMENTS);
    }
    return Segments.of(segments);
  }

  private ArchiveSpec spec(Path file) throws IOException {
    return new ArchiveSpec(
        file,
        volumeSize == null ? OptionalLong.empty() : OptionalLong.of(volumeSize),
        base == null
            ? Optional.empty()
            : Optional.of(InventoryFile.read(base).called(base.getFileName().toString())),
        overwrite);
  }

  /** What the plan depends on: a run with another list or filter is another one. */
  private static String key(List<ImageRequest> requests, PlatformFilter filter, ArchiveSpec spec) {
    String wanted =
        filter
            + "\n"
            + (spec.volumeSize().isPresent() ? "volumes " + spec.volumeSize().getAsLong() : "")
            + spec.base().map(base -> "base " + base.id()).orElse("")
            + "\n"
            + String.join("\n", requests.stream().map(r -> r.source().toString()).toList());
    return Digest.sha256(wanted.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /**
   * What an earlier run with the same list left; refuses to touch what another run left or made.
   */
  private Optional<UnfinishedArchive> earlier(ArchiveSpec spec, String key) throws IOException {
    Optional<UnfinishedArchive> earlier = refresh ? Optional.empty() : UnfinishedArchive.find(spec);
    boolean ours = earlier.isPresent() && earlier.get().key().equals(key);
    if (!ours) {
      spec.check();
    }
    if (earlier.isPresent() && !ours && (!overwrite || spec.isBegun())) {
      throw new UsageException(
          ArchiveFileNames.partial(spec.file(1))
              + " was begun with another list, platform, volume size or base: give that one"
              + " again, name another --output, or begin anew with --refresh");
    }
    return ours ? earlier : Optional.empty();
  }

  private int dryRun(
      List<ImageRequest> requests,
      Registries registries,
      ImageSource from,
      MirrorOptions how,
      ArchiveSpec spec,
      Optional<UnfinishedArchive> earlier)
      throws IOException {
    try (Mirror mirror = new Mirror(from, how, new PullLines(out))) {
      Plan plan;
      if (earlier.isPresent()) {
        plan = earlier.get().plan();
      } else {
        SourcePreflight preflight = SourcePreflight.of(registries, requests);
        plan =
            Saving.fitting(
                    OversizedImages.leavingOutBase(mirror.plan(preflight.reachable()), spec), spec)
                .with(preflight.failed());
      }
      PlanText.print(plan, out);
      out.println("archive size         " + ArchiveWriter.sizeOf(plan, spec));
      if (spec.volumeSize().isPresent()) {
        out.println("volumes              " + ArchiveWriter.volumesOf(plan.images(), spec));
      }
      Saving.checkSpace(plan, spec, earlier);
      return PlanExit.code(plan);
    }
  }
}
