package io.mirrorimages.cli.command;

import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.ProjectOptions;
import io.mirrorimages.cli.option.RegistryOption;
import io.mirrorimages.cli.option.RouteOptions;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.SideOptions;
import io.mirrorimages.cli.option.UploadOptions;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.FolderCopy;
import io.mirrorimages.job.HarborPreparation;
import io.mirrorimages.job.SourcePreflight;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.upload.Chunks;
import io.mirrorimages.report.PullLines;
import io.mirrorimages.state.OpenUploads;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
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
    source = SideOptions.addTo(spec, "source", false);
    target = SideOptions.addTo(spec, "target", false);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    Optional<ImageLocation.LayoutFolder> folder = registry.folder();
    if (folder.isPresent()) {
      return syncInto(folder.get());
    }
    Destination destination = registry.destination();
    Chunks chunks = uploads.chunks();
    List<Reference> names = lists.read(options.remarks(err));
    List<ImageRequest> requests = RegistryOption.requests(destination, names, options.remarks(err));
    MirrorOptions usual = replace.of(options.mirror(platforms));
    SideOptions.refuseTwoPasswords(source, target);
    try (StopSignal stop = options.stopSignal(err);
        Registries from =
            source.registries(
                options, lists, Destination.registries(names), routes.routing(names, err), err);
        Registries to =
            target.registries(options, lists, List.of(destination.registry()), from, err)) {
      to.check(destination.registry());
      HarborPreparation prepared =
          HarborPreparation.of(
              to, destination.registry(), requests, projects.creation(), this::hint);
      MirrorOptions how = options.gentler(usual, prepared.harbor().isPresent());
      if (dryRun.isGiven()) {
        try (Mirror mirror = new Mirror(from.asSource(), how, new PullLines(out))) {
          SourcePreflight preflight = SourcePreflight.of(from::check, requests);
          ImageTarget there = prepared.foresee(to.asTarget(), out::println, this::hint);
          return PlanExit.print(
              prepared
                  .checked(mirror.plan(preflight.reachable(), there), this::hint)
                  .plan()
                  .with(preflight.failed()),
              out);
        }
      }
      try (OpenUploads open = uploads.open(destination, err);
          Run run = Run.begin("sync", requests, options, stop, out, err);
          Mirror mirror = new Mirror(from.asSource(), how, run.listener())) {
        run.onStop(mirror::endSoon);
        run.onStop(() -> to.finishUploads(StopSignal.FOR_REQUESTS));
        run.onStop(mirror::stop);
        run.onStop(from::close);
        run.onStop(to::close);
        return run.carryOut(
            open,
            () -> {
              SourcePreflight preflight = run.preflight(from, requests);
              prepared.create(run.listener());
              List<ImageResult> results = new ArrayList<>(preflight.failed());
              results.addAll(
                  prepared
                      .checked(
                          mirror.plan(
                              preflight.reachable(), prepared.filling(to.asTarget(chunks, open))),
                          this::hint)
                      .carryOut());
              return results;
            });
      }
    }
  }

  private void hint(String line) {
    err.println("mirror-images: " + line);
  }

  /** Registry to folder. */
  private int syncInto(ImageLocation.LayoutFolder folder) throws IOException, ImageListException {
    List<Reference> names = lists.read(options.remarks(err));
    return new FolderSave("sync", folder.path(), options, dryRun.isGiven(), out, err)
        .carryOut(
            FolderCopy.requests(names),
            replace.of(options.mirror(platforms)),
            source.registries(
                options, lists, Destination.registries(names), routes.routing(names, err), err));
  }
}
