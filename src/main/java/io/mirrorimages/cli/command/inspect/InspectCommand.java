package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.Inspection;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ImageNameOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.TerminalWidth;
import io.mirrorimages.image.Json;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.job.inspect.ArchiveFacts;
import io.mirrorimages.job.inspect.ContentTree;
import io.mirrorimages.job.inspect.ImageDetail;
import io.mirrorimages.job.inspect.ImageLookup;
import io.mirrorimages.job.inspect.Referrers;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.line.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is in an archive, or in one of its images. */
@Command(
    name = "inspect",
    description = {
      "Show what is in an archive.",
      "  inspect ARCHIVE        its images with platforms, sizes and what they share",
      "  inspect ARCHIVE IMAGE  one image with its platforms, layers and labels"
    },
    mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Mixin private ArchiveOption archives;

  @Mixin private ImageNameOption imageName;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--sort",
      paramLabel = "name|size|shared",
      description =
          "Show images by name, by size (the largest first) or by shared (those first that have"
              + " most in common with others). Default: as in the archive.")
  private ImageOrder order;

  @Option(
      names = "--tree",
      description =
          "Show of each image its index, manifests, configs and layers, and what refers to them,"
              + " such as signatures.")
  private boolean tree;

  /** Prints to {@code out}, hints to {@code err}. */
  public InspectCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    List<String> files = new ArrayList<>(archives.given());
    Optional<String> image = ArchiveOption.imageAmong(files);
    image.ifPresent(files::remove);
    String name = String.join(" ", files);
    Console notices = Console.notices(err);
    try (ArchiveReader archive = imageName.open(archives, files, notices)) {
      Inspection inspection = Inspection.of(archive);
      Screen screen = new Screen(out, TerminalWidth.find());
      if (image.isPresent()) {
        Inspection.Item item = ImageLookup.find(inspection, image.get(), name);
        show(ImageDetail.of(archive, item), inspection, screen);
        return archives.ended(
            archive, item.fault().isEmpty() ? ExitCode.DONE : ExitCode.SOME_FAILED);
      }
      show(archive, inspection, screen);
      OptionalLong kept = archive.unfinishedBytes();
      if (kept.isPresent()) {
        String said = ArchiveNames.unfinished(name, kept.getAsLong());
        notices.on(new RunEvent.Hint(said));
      }
      boolean faultless = inspection.images().stream().allMatch(item -> item.fault().isEmpty());
      return archives.ended(archive, faultless ? ExitCode.DONE : ExitCode.SOME_FAILED);
    }
  }

  private void show(ImageDetail detail, Inspection inspection, Screen screen) {
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(InspectJson.of(detail, inspection)));
    } else if (tree) {
      new TreeText(screen).print(detail.item().image().name().toString(), detail.tree());
    } else {
      new ImageText(inspection, screen).print(detail);
    }
  }

  private void show(ArchiveReader archive, Inspection inspection, Screen screen)
      throws IOException {
    List<Inspection.Item> items =
        order == null
            ? inspection.images()
            : inspection.images().stream().sorted(order.comparator()).toList();
    Map<Inspection.Item, ContentTree> trees = tree ? trees(archive, items) : Map.of();
    if (json) {
      out.println(
          Json.MAPPER.writeValueAsString(
              InspectJson.of(archive, inspection, items, trees, ArchiveFacts.of(archive))));
    } else if (tree) {
      TreeText text = new TreeText(screen);
      trees.forEach((item, content) -> text.print(item.image().name().toString(), content));
    } else {
      new ArchiveText(archive, inspection, screen).print(items, ArchiveFacts.of(archive));
    }
  }

  /** Of all images that can be read. */
  private static Map<Inspection.Item, ContentTree> trees(
      ArchiveReader archive, List<Inspection.Item> items) throws IOException {
    Referrers referrers = Referrers.of(archive);
    Map<Inspection.Item, ContentTree> trees = new LinkedHashMap<>();
    for (Inspection.Item item : items) {
      if (item.fault().isEmpty()) {
        trees.put(item, ContentTree.of(archive, item.image().descriptor(), referrers));
      }
    }
    return trees;
  }
}
