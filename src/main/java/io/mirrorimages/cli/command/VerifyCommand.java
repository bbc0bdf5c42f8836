package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.RegistryOption;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.option.SideOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.HarborPreparation;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.engine.Verifier;
import io.mirrorimages.mirror.plan.KnownManifests;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
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
  private final PrintStream out;
  private final PrintStream err;

  @SuppressWarnings("NullAway.Init") // Set by picocli, before the command runs.
  private SideOptions target;

  @Mixin private ListOption lists;
  @Mixin private RegistryOption registry;
  @Mixin private RunOptions options;

  @Mixin private RunOptions.PlatformOption platforms;
  @Mixin private ArchiveOption archive;

  @Option(
      names = "--deep",
      description =
          "At a registry, download and hash every blob too; without it their presence and size are"
              + " checked.")
  private boolean deep;

  VerifyCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void addSides(CommandSpec spec) {
    target = SideOptions.addTo(spec, "target", true);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    if (registry.isGiven()) {
      if (!archive.isGiven()) {
        return verifyThere(lists.read(), there -> there, Optional.empty());
      }
      try (ArchiveReader reader = archive.open()) {
        return verifyThere(
            names(reader),
            there ->
                deep ? there : new KnownManifests(there, digest -> reader.manifest(digest, "")),
            Optional.of(reader));
      }
    }
    if (!archive.isGiven()) {
      throw new UsageException(
          "nothing to verify: add --archive FILE, or --list FILE and --registry HOST");
    }
    try (StopSignal stop = options.stopSignal(err);
        ArchiveReader reader = archive.open()) {
      int exitCode =
          verify(
              reader,
              reader,
              names(reader).stream()
                  .map(name -> new ImageRequest(name, ArchiveImages.findable(reader, name)))
                  .toList(),
              true,
              stop,
              () -> {});
      if (exitCode == ExitCode.DONE && !reader.missingVolumes().isEmpty() && !lists.isGiven()) {
        sayWhatIsWhole(reader);
      } else {
        ArchiveImages.nameMissingVolumes(reader, exitCode, err);
      }
      return lists.isGiven() ? exitCode : ArchiveImages.exitCode(reader, archive, exitCode, err);
    }
  }

  private int verifyThere(
      List<Reference> names, UnaryOperator<ImageSource> by, Optional<ImageSource> original)
      throws IOException, ImageListException {
    Destination destination = registry.destination();
    List<ImageRequest> requests = RegistryOption.requests(destination, names);
    try (StopSignal stop = options.stopSignal(err);
        Registries registries =
            target.registries(options, lists, List.of(destination.registry()), err)) {
      registries.check(destination.registry());
      HarborPreparation.settle(registries, destination.registry(), requests);
      ImageSource place = by.apply(registries.asSource());
      return verify(place, original.orElse(place), requests, deep, stop, registries::close);
    }
  }

  private void sayWhatIsWhole(ArchiveReader reader) throws IOException {
    List<String> given = reader.incompleteVolumes();
    out.println(
        String.join(", ", given)
            + (given.size() == 1 ? " is whole (" : " are whole (")
            + Units.bytes(reader.fileSize())
            + "); not given: "
            + String.join(", ", reader.missingVolumes()));
  }

  /** What waits for volumes that were not given is nothing that is wrong with those that were. */
  private int code(List<ImageResult> results) {
    return lists.isGiven() || registry.isGiven()
        ? ExitCode.of(results)
        : ExitCode.of(results.stream().filter(r -> !ExitCode.isForAnotherVolume(r)).toList());
  }

  private List<Reference> names(ArchiveReader reader) throws IOException, ImageListException {
    List<Reference> names = ArchiveImages.pinned(reader, archive, lists);
    ArchiveImages.nameRebuilt(reader, err);
    return names;
  }

  private int verify(
      ImageSource place,
      ImageSource original,
      List<ImageRequest> requests,
      boolean hash,
      StopSignal stop,
      Runnable disconnect)
      throws IOException {
    try (Run run = Run.begin("verify", requests, options, stop, out, err);
        Verifier verifier =
            new Verifier(place, hash, options.jobs(), options.retries(), run.listener())
                .withoutForeignLayers(platforms.takesMissingForeignLayers())
                .only(platforms.filter(), original)) {
      run.onStop(verifier::stop);
      run.onStop(disconnect);
      return run.carryOut(() -> verifier.verify(requests), this::code);
    }
  }
}
