package io.mirrorimages.cli.command;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.cli.option.value.OutputOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.Units;
import io.mirrorimages.sample.SampleImages;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Small images to rehearse with. */
@Command(
    name = "sample",
    description = {
      "Make a rehearsal archive of small images, and its list beside it.",
      "It has shared layers, an index of two platforms, a chart and a Docker schema 2 image."
    },
    mixinStandardHelpOptions = true)
final class SampleCommand implements Callable<Integer> {
  private final PrintStream out;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      converter = OutputOption.class,
      description =
          "The archive to make; the list is written beside it, with .txt in place of .tar.")
  private Path output;

  SampleCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    if (output == null) {
      throw new UsageException("no archive to make: add --output FILE");
    }
    ArchiveSpec.of(output).check();
    if (Files.exists(list(), LinkOption.NOFOLLOW_LINKS)) {
      throw new UsageException(
          list() + " exists, and is where the list of the images goes: name another --output");
    }
    SampleImages sample = SampleImages.create();
    List<ImageRequest> requests =
        sample.names().stream().map(name -> new ImageRequest(name, name)).toList();
    MirrorOptions how = new MirrorOptions(2, PlatformFilter.ALL, new Retries(0, Duration.ZERO));
    try (Mirror mirror = new Mirror(sample, how, RunListener.NONE)) {
      Plan plan = mirror.plan(requests);
      ArchiveWriter.checkSpace(output, ArchiveWriter.sizeOf(plan.images()));
      try (ArchiveWriter archive = ArchiveWriter.create(output, plan.images())) {
        List<ImageResult> results = mirror.carryOut(plan, archive);
        for (ImageResult result : results) {
          if (result.status() != Status.COPIED) {
            throw new IOException(result.request().source() + ": " + result.message());
          }
        }
        archive.finish(plan.images());
      }
    }
    Path list = list();
    Files.write(list, sample.names().stream().map(Object::toString).toList());
    out.println(
        output
            + ": "
            + Units.count(requests.size(), "image")
            + ", "
            + Units.bytes(Files.size(output))
            + "; its list: "
            + list);
    return ExitCode.DONE;
  }

  private Path list() {
    return ArchiveFileNames.ofOneFile(output).companion(".txt");
  }
}
