package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.unpack.Unpacker.Precondition;
import io.mirrorimages.cli.closing.ArchiveCheckClosing;
import io.mirrorimages.cli.closing.Closing;
import io.mirrorimages.cli.closing.DigestCheck;
import io.mirrorimages.cli.closing.RegistryCheckClosing;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.DigestsOption;
import io.mirrorimages.cli.option.ImageNameOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.RegistryOption;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.SideOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.failure.Side;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.job.HarborPreparation;
import io.mirrorimages.job.JobSource;
import io.mirrorimages.job.VerifyJob;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** An archive, or what a registry has of a list or an archive, checked. */
@Command(
    name = "verify",
    description = {
      "Check that images are complete and undamaged.",
      "  verify --archive FILE                  hash every blob of an archive",
      "  verify --list FILE --registry HOST     check that a registry has every image of a list",
      "  verify --archive FILE --registry HOST  check that a registry has what the archive has"
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer>, Remote {
  private final PrintStream err;

  @SuppressWarnings("NullAway.Init") // Set by picocli, before the command runs.
  private SideOptions target;

  @Mixin private ListOption lists;
  @Mixin private RegistryOption registry;
  @Mixin private RunOptions options;

  @Mixin private RunOptions.PlatformOption platforms;
  @Mixin private ArchiveOption archive;

  @Mixin private ImageNameOption imageName;

  @Mixin private DigestsOption digests;

  @Option(
      names = "--deep",
      description =
          "At a registry, download and hash every blob too; without it their presence and size are"
              + " checked.")
  private boolean deep;

  VerifyCommand(PrintStream err) {
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
    if (digests.file().isPresent() && !archive.isGiven()) {
      throw new UsageException(
          "--digests tells of an archive: add --archive FILE; a registry is checked with a --list"
              + " that has digests");
    }
    if (registry.isGiven()) {
      return archive.isGiven() ? compare() : verifyThere(lists.read(options.listeners()));
    }
    if (!archive.isGiven()) {
      throw new UsageException(
          "nothing to verify: add --archive FILE, or --list FILE and --registry HOST");
    }
    return verifyArchive();
  }

  private int verifyArchive() throws IOException, ImageListException {
    try (StopSignal stop = options.stopSignal(err);
        ArchiveReader reader = imageName.open(archive, options, err, Precondition.NONE)) {
      Optional<List<Reference>> wanted = lists.readIfGiven(options.listeners());
      List<ImageRequest> checks = new ArchiveNames(reader, archive.name()).checks(wanted);
      VerifyJob job = new VerifyJob(checks, options.mirror(platforms), true);
      ArchiveRemarks remarks = new ArchiveRemarks(reader, archive.name(), options.listeners());
      remarks.nameOtherPrefix(wanted);
      DigestCheck check =
          remarks.digests(
              wanted, digests.of(checks.stream().map(ImageRequest::source).toList()), false);
      remarks.nameLater();
      Closing closing =
          new ArchiveCheckClosing(reader, archive.given(), choice(), !lists.isGiven());
      int exitCode = verify(job, JobSource.of(reader), Optional.empty(), closing, check, stop);
      remarks.nameMissingVolumes(exitCode);
      archive.ended(reader, exitCode);
      return check.end(lists.isGiven() ? exitCode : remarks.exitCodeOfCheck(exitCode));
    }
  }

  /** The options that load needs too, for the same images of the same archive. */
  private List<String> choice() {
    return Stream.of(archive.words(), imageName.words(), platforms.words())
        .flatMap(List::stream)
        .toList();
  }

  private int compare() throws IOException, ImageListException {
    Destination destination = registry.destination(options.listeners());
    String host = destination.registry();
    // A password that the registry refuses costs no unpacking.
    try (Registries registries = target.registries(options, lists, List.of(host));
        ArchiveReader reader =
            imageName.open(archive, options, err, () -> registries.check(host))) {
      Optional<List<Reference>> wanted = lists.readIfGiven(options.listeners());
      List<Reference> names = new ArchiveNames(reader, archive.name()).pinned(wanted);
      ArchiveRemarks remarks = new ArchiveRemarks(reader, archive.name(), options.listeners());
      remarks.nameOtherPrefix(wanted);
      boolean filtered = !options.mirror(platforms).filter().takesAll();
      DigestCheck check = remarks.digests(wanted, digests.of(names), filtered);
      remarks.nameLater();
      int exitCode = verifyThere(destination, registries, names, Optional.of(reader), check);
      return check.end(archive.ended(reader, exitCode));
    }
  }

  private int verifyThere(List<Reference> names) throws IOException {
    Destination destination = registry.destination(options.listeners());
    try (Registries registries =
        target.registries(options, lists, List.of(destination.registry()))) {
      return verifyThere(destination, registries, names, Optional.empty(), DigestCheck.none());
    }
  }

  private int verifyThere(
      Destination destination,
      Registries registries,
      List<Reference> names,
      Optional<ArchiveReader> original,
      DigestCheck check)
      throws IOException {
    VerifyJob job =
        new VerifyJob(RegistryOption.requests(destination, names), options.mirror(platforms), deep);
    try (StopSignal stop = options.stopSignal(err)) {
      BeforeRun before = new BeforeRun(options, stop, err);
      Optional<Boolean> ready =
          before.result(
              registries::close,
              () -> {
                registries.check(destination.registry());
                HarborPreparation.settle(registries, destination.registry(), job.requests());
                return true;
              });
      if (ready.isEmpty()) {
        return before.exitCode();
      }
      return verify(
          job, JobSource.of(registries), original, new RegistryCheckClosing(), check, stop);
    }
  }

  private int verify(
      VerifyJob job,
      JobSource place,
      Optional<ArchiveReader> original,
      Closing closing,
      DigestCheck check,
      StopSignal stop)
      throws IOException {
    try (Run run = Run.begin("verify", job.requests(), closing, options, stop, err)) {
      return run.telling(check::telling)
          .carryOut(
              () ->
                  (original.isPresent()
                          ? job.run(place, original.get(), run.listener(), run.cancellation())
                          : job.run(place, run.listener(), run.cancellation()))
                      .results(),
              results -> check.code(results, code(results), run.listener()));
    }
  }

  /** An image that waits for volumes that were not given is no fault of those that were. */
  private int code(List<ImageResult> results) {
    return lists.isGiven() || registry.isGiven()
        ? ExitCode.of(results)
        : ExitCode.of(results.stream().filter(r -> !ExitCode.isForAnotherVolume(r)).toList());
  }
}
