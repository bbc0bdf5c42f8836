package io.mirrorimages.cli;

import io.mirrorimages.archive.ArchiveWriter;
import io.mirrorimages.image.Reference;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Mirror;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.PlanText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Registry to archive. */
@Command(
    name = "save",
    description = "Save the images of a list into an archive, to be carried across the air gap.",
    mixinStandardHelpOptions = true)
final class SaveCommand implements Callable<Integer>, Cli.Remote {
  private final PrintStream out;
  private final PrintStream err;
  private SideOptions source;

  @Mixin private ListOption lists;
  @Mixin private RunOptions options;
  @Mixin private RunOptions.PlatformOption platforms;
  @Mixin private RunOptions.DryRunOption dryRun;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The archive to make, a tar that is an OCI image layout.")
  private Path output;

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
    ArchiveWriter.checkOutput(output);
    List<Reference> names = lists.read();
    List<ImageRequest> requests = names.stream().map(name -> new ImageRequest(name, name)).toList();
    Mirror.Options how = options.mirror(platforms);
    try (Registries registries = source.registries(options, lists)) {
      if (dryRun.isGiven()) {
        return dryRun(requests, registries, how);
      }
      try (Run run = Run.begin("save", requests, options, out, err);
          Mirror mirror = new Mirror(registries.asSource(), how, run.listener())) {
        run.onStop(mirror::stop);
        return run.carryOut(
            () -> {
              Preflight preflight = Preflight.of(registries, requests, run.listener());
              Plan plan = mirror.plan(preflight.reachable());
              List<ImageResult> results = new ArrayList<>(preflight.failed());
              results.addAll(save(mirror, plan));
              return results;
            });
      }
    }
  }

  private int dryRun(List<ImageRequest> requests, Registries registries, Mirror.Options how)
      throws IOException {
    try (Mirror mirror = new Mirror(registries.asSource(), how, RunListener.NONE)) {
      Preflight preflight = Preflight.of(registries, requests, RunListener.NONE);
      Plan plan = mirror.plan(preflight.reachable()).with(preflight.failed());
      PlanText.print(plan, out);
      long size = ArchiveWriter.sizeOf(plan.images());
      out.println("archive size         " + size);
      ArchiveWriter.checkSpace(output, size);
      return PlanExit.code(plan);
    }
  }

  private List<ImageResult> save(Mirror mirror, Plan plan) throws IOException {
    ArchiveWriter.checkSpace(output, ArchiveWriter.sizeOf(plan.images()));
    try (ArchiveWriter archive = ArchiveWriter.create(output, plan.images())) {
      List<ImageResult> results = mirror.carryOut(plan, archive);
      Set<ImageRequest> copied =
          results.stream()
              .filter(r -> r.status() == Status.COPIED)
              .map(ImageResult::request)
              .collect(Collectors.toSet());
      boolean interrupted = results.stream().anyMatch(r -> r.status() == Status.UNFINISHED);
      if (interrupted) {
        err.println("mirror-images: interrupted, no archive was made: run the same command again");
        return results.stream()
            .map(r -> copied.contains(r.request()) ? ImageResult.unfinished(r.request()) : r)
            .toList();
      }
      if (!copied.isEmpty()) {
        archive.finish(
            plan.images().stream().filter(image -> copied.contains(image.request())).toList());
      }
      return results;
    }
  }
}
