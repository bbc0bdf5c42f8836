package io.mirrorimages.cli.command.check;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.UnpackOptions;
import io.mirrorimages.cli.option.value.TimeSpan;
import io.mirrorimages.cli.output.DebugOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.cli.process.Version;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.job.check.CheckJob;
import io.mirrorimages.job.check.CheckedImage;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.nodes.check.Resolution;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.report.line.Console;
import io.mirrorimages.route.EnvironmentProxy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What nodes get by their configuration. */
@Command(
    name = "check",
    description = {
      "Show where nodes ask for images by their configuration, and whether they get them.",
      "It resolves each image as the node's own programs do, asks what they would ask, with their"
          + " logins and certificates, and compares digests. It finds what in the files has another"
          + " effect than it seems.",
      "Exit code: 0 nodes get every image, 1 some they do not, or a file has an error, 2 usage, 3"
          + " nothing could be asked."
    },
    mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Parameters(
      paramLabel = "IMAGE",
      arity = "0..*",
      description = "Images as pods name them, such as rancher/shell:v0.1.24.")
  private List<String> names = new ArrayList<>();

  @Mixin private NodeFileOptions files;
  @Mixin private ListOption lists;
  @Mixin private DebugOption debug;

  @Option(
      names = {"-a", "--archive"},
      paramLabel = "ARCHIVE",
      arity = "1..*",
      description =
          "The archive that was loaded: its digests are expected, and its images are checked if no"
              + " list or image is given.")
  private List<String> archives = new ArrayList<>();

  @Mixin private UnpackOptions unpacking;

  @Option(names = "--offline", description = "Resolve the images without asking any server.")
  private boolean offline;

  @Option(names = "--all", description = "Name every image, not only some of each kind.")
  private boolean all;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      converter = TimeSpan.Stall.class,
      defaultValue = "10s",
      description =
          "How long to wait for a server that does not answer, as 30s or 2m (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration patience;

  /** Prints to {@code out}, and to {@code err} what it waits for. */
  public CheckCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    files.requireAny();
    Map<Reference, Digest> expected = new LinkedHashMap<>();
    Set<Reference> images = images(expected);
    FindingLog findings = new FindingLog();
    List<NodeReader> readers = files.readers(images, findings);
    List<CheckedImage> checked = new ArrayList<>();
    RegistrySettings settings = settings();
    try (CheckJob job = new CheckJob(expected, patience, settings.listener())) {
      for (NodeReader reader : readers) {
        List<Resolution> resolutions = images.stream().map(reader::resolve).toList();
        List<CheckedImage> ofReader =
            offline ? offline(resolutions) : ask(job, resolutions, settings, findings);
        checked.addAll(ofReader);
      }
    }
    CheckReport report = new CheckReport(checked, findings.all(), files.rules());
    if (json) {
      out.println(
          Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(CheckJson.of(report)));
    } else {
      new CheckText(out, all).print(report, files.isNewest());
    }
    return exitCode(report);
  }

  private static List<CheckedImage> offline(Collection<Resolution> resolutions) {
    return resolutions.stream().map(CheckedImage::offline).toList();
  }

  private RegistrySettings settings() {
    return debug.shown(
        CheckJob.impatient(
            RegistrySettings.defaults()
                .with(EnvironmentProxy.fromEnvironment(System.getenv()))
                .withUserAgent("mirror-images/" + Version.number())
                .reportingTo(Console.notices(err)),
            patience));
  }

  private static List<CheckedImage> ask(
      CheckJob job, List<Resolution> resolutions, RegistrySettings settings, FindingLog findings)
      throws IOException {
    try (Registries registries = new Registries(settings)) {
      return job.run(resolutions, registries, findings);
    }
  }

  private Set<Reference> images(Map<Reference, Digest> expected)
      throws IOException, ImageListException {
    Set<Reference> wanted = new LinkedHashSet<>();
    // Names behind the archives are taken for archives too.
    for (Optional<String> name = ArchiveOption.imageAmong(archives);
        name.isPresent();
        name = ArchiveOption.imageAmong(archives)) {
      archives.remove(name.get());
      names.add(name.get());
    }
    lists.readIfGiven().ifPresent(wanted::addAll);
    names.forEach(name -> wanted.add(parse(name)));
    if (archives.isEmpty()) {
      if (wanted.isEmpty()) {
        throw new UsageException(
            "no images to check: add --list FILE, --archive FILE, or the names of images");
      }
    } else {
      Unpacker unpacker = unpacking.unpacker(Console.notices(err));
      try (ArchiveReader reader = ArchiveOption.open(archives, unpacker)) {
        ArchiveNames archive = new ArchiveNames(reader, String.join(" ", archives));
        Optional<List<Reference>> asked =
            wanted.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(wanted));
        List<Reference> pinned = archive.pinned(asked);
        List<Reference> called = asked.isPresent() ? asked.get() : archive.named(asked);
        wanted.addAll(called);
        for (int i = 0; i < called.size(); i++) {
          Reference image = files.renamed(called.get(i));
          pinned.get(i).digest().ifPresent(digest -> expected.put(image, digest));
        }
        unpacking.ended(reader, ExitCode.DONE);
      }
    }
    Set<Reference> renamed = new LinkedHashSet<>();
    wanted.forEach(image -> renamed.add(files.renamed(image)));
    return renamed;
  }

  private static Reference parse(String name) {
    if (ArchiveOption.isMeantAsOne(name) || Files.exists(Path.of(name))) {
      throw new UsageException(
          name + " is no image: give an archive as --archive, a list as --list");
    }
    try {
      return Reference.parse(name);
    } catch (InvalidContentException e) {
      throw new UsageException("not an image: " + Text.quote(name) + ": " + e.getMessage());
    }
  }

  private static int exitCode(CheckReport report) {
    boolean error = report.count(FindingKind.Severity.ERROR) > 0;
    boolean bad = report.images().stream().anyMatch(image -> !image.isGood());
    if (!bad) {
      return error ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }
    boolean nothing =
        !report.hasWrongFile() && report.images().stream().allMatch(CheckReport::isUnreachable);
    return nothing ? ExitCode.NOTHING_DONE : ExitCode.SOME_FAILED;
  }
}
