package io.mirrorimages.cli;

import io.mirrorimages.archive.ArchiveWriter;
import io.mirrorimages.archive.UnfinishedArchive;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Mirror;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.RunListener;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.PlanText;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Option(
      names = "--refresh",
      description =
          "Ask for all tags anew and begin from the start, where an earlier run was interrupted."
              + " Default: go on with it.")
  private boolean refresh;

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
    List<Reference> names = lists.read();
    List<ImageRequest> requests = names.stream().map(name -> new ImageRequest(name, name)).toList();
    Mirror.Options how = options.mirror(platforms);
    String key = key(requests, how.filter());
    Optional<UnfinishedArchive> earlier = earlier(key);
    try (Registries registries = source.registries(options, lists, err)) {
      if (dryRun.isGiven()) {
        return dryRun(requests, registries, how, earlier);
      }
      try (Run run = Run.begin("save", requests, options, out, err);
          Mirror mirror = new Mirror(registries.asSource(), how, run.listener())) {
        run.onStop(mirror::stop);
        run.onStop(registries::close);
        return run.carryOut(
            () ->
                earlier.isPresent()
                    ? goOn(mirror, earlier.get(), registries, run)
                    : begin(mirror, requests, key, registries, run));
      }
    }
  }

  private ArchiveWriter create(Plan plan, String key) throws IOException {
    // Nothing to keep of an archive without images.
    return plan.images().isEmpty()
        ? ArchiveWriter.create(output, plan.images())
        : ArchiveWriter.create(output, plan, key);
  }

  /** What the plan depends on: a run with another list or filter is another one. */
  private static String key(List<ImageRequest> requests, PlatformFilter filter) {
    String wanted =
        filter
            + "\n"
            + String.join("\n", requests.stream().map(r -> r.source().toString()).toList());
    return Digest.sha256(wanted.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /**
   * What an earlier run with the same list left; refuses to touch what another run left or made.
   */
  private Optional<UnfinishedArchive> earlier(String key) throws IOException {
    Optional<UnfinishedArchive> earlier =
        refresh ? Optional.empty() : UnfinishedArchive.find(output);
    boolean ours = earlier.isPresent() && earlier.get().key().equals(key);
    if (!ours) {
      ArchiveWriter.checkOutput(output);
    }
    if (earlier.isPresent() && !ours) {
      throw new UsageException(
          output
              + ".partial was begun with another list or platform: give that one again, name"
              + " another --output, or begin anew with --refresh");
    }
    return earlier;
  }

  private int dryRun(
      List<ImageRequest> requests,
      Registries registries,
      Mirror.Options how,
      Optional<UnfinishedArchive> earlier)
      throws IOException {
    try (Mirror mirror = new Mirror(registries.asSource(), how, RunListener.NONE)) {
      Plan plan;
      if (earlier.isPresent()) {
        plan = earlier.get().plan();
      } else {
        Preflight preflight = Preflight.of(registries, requests, RunListener.NONE);
        plan = mirror.plan(preflight.reachable()).with(preflight.failed());
      }
      PlanText.print(plan, out);
      long size = ArchiveWriter.sizeOf(plan.images());
      out.println("archive size         " + size);
      checkSpace(plan, earlier);
      return PlanExit.code(plan);
    }
  }

  private List<ImageResult> begin(
      Mirror mirror, List<ImageRequest> requests, String key, Registries registries, Run run)
      throws IOException {
    Preflight preflight = Preflight.of(registries, requests, run.listener());
    Plan plan = mirror.plan(preflight.reachable());
    checkSpace(plan, Optional.empty());
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    // With those that failed already: whoever goes on with it must not take them for done.
    try (ArchiveWriter archive = create(plan.with(preflight.failed()), key)) {
      results.addAll(fill(archive, mirror, plan));
    }
    return advising(plan, results);
  }

  private List<ImageResult> goOn(
      Mirror mirror, UnfinishedArchive earlier, Registries registries, Run run) throws IOException {
    Plan plan = earlier.plan();
    Preflight preflight =
        Preflight.of(
            registries, plan.images().stream().map(PlannedImage::request).toList(), run.listener());
    Set<ImageRequest> reachable = Set.copyOf(preflight.reachable());
    Plan now =
        new Plan(
            plan.images().stream().filter(i -> reachable.contains(i.request())).toList(),
            plan.settled(),
            plan.totals());
    checkSpace(plan, Optional.of(earlier));
    run.say(
        "going on with "
            + output
            + ": "
            + Units.bytes(earlier.keptBytes())
            + " are there and will be checked");
    List<ImageResult> results = new ArrayList<>(preflight.failed());
    try (ArchiveWriter archive = ArchiveWriter.resume(earlier)) {
      results.addAll(fill(archive, mirror, now));
    }
    return advising(plan, results);
  }

  /**
   * Whether the rest of the archive fits; what an earlier run left there is on the disk already.
   */
  private void checkSpace(Plan plan, Optional<UnfinishedArchive> earlier) throws IOException {
    Optional<UnfinishedArchive> left =
        earlier.isPresent() ? earlier : UnfinishedArchive.find(output);
    long there = left.map(UnfinishedArchive::keptBytes).orElse(0L);
    ArchiveWriter.checkSpace(output, ArchiveWriter.sizeOf(plan.images()) - there);
  }

  private List<ImageResult> fill(ArchiveWriter archive, Mirror mirror, Plan plan)
      throws IOException {
    List<ImageResult> results = mirror.carryOut(plan, archive);
    Set<ImageRequest> copied =
        results.stream()
            .filter(r -> r.status() == Status.COPIED)
            .map(ImageResult::request)
            .collect(Collectors.toSet());
    if (results.stream().anyMatch(r -> r.status() == Status.UNFINISHED)) {
      err.println(
          "mirror-images: interrupted; what has arrived is kept: run the same command again to go"
              + " on");
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

  /** How to get what is not in the archive: what has its place there, and what has none. */
  private List<ImageResult> advising(Plan plan, List<ImageResult> results) {
    Set<ImageRequest> planned =
        plan.images().stream().map(PlannedImage::request).collect(Collectors.toSet());
    Map<Boolean, Long> failed =
        results.stream()
            .filter(r -> r.status() == Status.FAILED)
            .collect(
                Collectors.partitioningBy(
                    r -> planned.contains(r.request()), Collectors.counting()));
    if (failed.get(true) > 0) {
      err.println(
          "mirror-images: "
              + Units.count(failed.get(true), "image")
              + " could not be brought: run the same command again to add what is missing");
    }
    if (failed.get(false) > 0 && !planned.isEmpty()) {
      err.println(
          "mirror-images: "
              + Units.count(failed.get(false), "image")
              + " could not be planned, and have no place in "
              + output
              + ": save them with --list "
              + options.failedOrUsual()
              + " into another --output, when their source has them");
    }
    return results;
  }
}
