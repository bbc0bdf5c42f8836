package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.ProjectOptions;
import io.mirrorimages.cli.option.RegistryOption;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.SideOptions;
import io.mirrorimages.cli.option.UploadOptions;
import io.mirrorimages.cli.option.value.ByteCount;
import io.mirrorimages.cli.output.DebugOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.doctor.CheckResult;
import io.mirrorimages.doctor.DoctorContext;
import io.mirrorimages.doctor.Verdict;
import io.mirrorimages.failure.Side;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.job.DoctorJob;
import io.mirrorimages.job.DoctorResult;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.Units;
import io.mirrorimages.report.line.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What would stop a transfer, before it. */
@Command(
    name = "doctor",
    description = {
      "Find what would stop load and sync at a registry, each with a remedy.",
      "Give it the options that they will get. It changes nothing at the registry: uploads are"
          + " cancelled, and no project is created. With --archive it knows what the images need,"
          + " with --list only where they go.",
      "Exit code: 0 nothing is wrong (there may be warnings), 1 something is, 2 usage."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer>, Remote {
  private final PrintStream out;
  private final PrintStream err;

  @SuppressWarnings("NullAway.Init") // Set by picocli, before the command runs.
  private SideOptions target;

  @Mixin private ListOption lists;
  @Mixin private RegistryOption registry;
  @Mixin private RunOptions.PlatformOption platforms;
  @Mixin private UploadOptions uploads;
  @Mixin private ProjectOptions projects;
  @Mixin private DebugOption debug;

  @Option(
      names = "--probe-size",
      paramLabel = "SIZE",
      converter = ByteCount.RequestBody.class,
      description =
          "Size of the larger of the two uploads that are tried (default: one chunk, the largest"
              + " request of a transfer).")
  private Long probeSize;

  @Option(names = "--json", description = "Print JSON at the end.")
  private boolean json;

  @Mixin private ArchiveOption archive;

  DoctorCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void addSides(CommandSpec spec) {
    target = SideOptions.addTo(spec, Side.TARGET, true);
    RegistryOption.describeForRegistries(
        spec, "The registry that is checked, and the project in it if all images go into one.");
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    Destination destination = registry.destination();
    DoctorJob job = new DoctorJob(destination.registry(), wish(destination));
    try (Registries registries =
        new Registries(
            debug.shown(
                DoctorJob.impatient(
                    target.settings(lists, List.of(destination.registry())),
                    debug.shown(DoctorJob.RETRIES))))) {
      DoctorResult found = job.run(registries, json ? result -> {} : this::print);
      if (json) {
        out.println(
            Json.MAPPER
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(json(destination, found)));
      } else {
        out.println();
        out.println(
            Units.count(found.count(Verdict.FAILURE), "failure")
                + ", "
                + Units.count(found.count(Verdict.WARNING), "warning"));
      }
      return found.isHealthy() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }
  }

  private DoctorContext.Wish wish(Destination destination) throws IOException, ImageListException {
    Optional<Plan> plan = Optional.empty();
    List<Reference> images = List.of();
    if (archive.isGiven()) {
      Console notices = Console.notices(err);
      try (ArchiveReader reader = archive.open(notices)) {
        List<ImageRequest> requests =
            destination.requests(
                new ArchiveNames(reader, archive.name()).named(lists.readIfGiven()));
        images = requests.stream().map(ImageRequest::target).toList();
        plan = Optional.of(DoctorJob.plan(reader, requests, platforms.filter()));
        archive.ended(reader, ExitCode.DONE);
      }
    } else if (lists.isGiven()) {
      images = destination.requests(lists.read()).stream().map(ImageRequest::target).toList();
    }
    return new DoctorContext.Wish(
        destination.project(),
        images,
        plan,
        projects.creation(),
        probeBytes(),
        Path.of(uploads.folder().toString()),
        uploads.isFolderGiven());
  }

  private long probeBytes() {
    return probeSize == null ? uploads.chunks().size() : probeSize;
  }

  private void print(CheckResult diagnosis) {
    out.printf(
        "%-8s %-11s %s%n",
        diagnosis.verdict().label(), diagnosis.subject().label(), Text.line(diagnosis.text()));
  }

  private static ObjectNode json(Destination destination, DoctorResult found) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("registry", destination.toString());
    ArrayNode checks = node.putArray("checks");
    for (CheckResult diagnosis : found.checks()) {
      ObjectNode check = checks.addObject();
      check.put("verdict", diagnosis.verdict().label());
      check.put("subject", diagnosis.subject().label());
      check.put("finding", Text.line(diagnosis.finding()));
      check.put("remedy", Text.line(diagnosis.remedy()));
    }
    node.put("failures", found.count(Verdict.FAILURE));
    node.put("warnings", found.count(Verdict.WARNING));
    return node;
  }
}
