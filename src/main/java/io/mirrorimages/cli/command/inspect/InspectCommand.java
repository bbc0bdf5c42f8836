package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.Inspection;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.image.Json;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.Units;
import io.mirrorimages.report.line.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is in an archive. */
@Command(
    name = "inspect",
    description = "List the images of an archive with platforms, sizes and what they share.",
    mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Mixin private ArchiveOption files;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  public InspectCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    try (ArchiveReader archive = files.open()) {
      Inspection inspection = Inspection.of(archive);
      if (json) {
        out.println(Json.MAPPER.writeValueAsString(json(archive, inspection)));
      } else {
        print(archive, inspection);
      }
      OptionalLong kept = archive.unfinishedBytes();
      if (kept.isPresent()) {
        String said = ArchiveNames.unfinished(files.name(), kept.getAsLong());
        Console.notices(err).on(new RunEvent.Hint(said));
      }
      return inspection.images().stream().allMatch(item -> item.fault().isEmpty())
          ? ExitCode.DONE
          : ExitCode.SOME_FAILED;
    }
  }

  private void print(ArchiveReader archive, Inspection inspection) {
    int width =
        inspection.images().stream()
            .mapToInt(item -> item.image().name().toString().length())
            .max()
            .orElse(0);
    String row = "%-" + Math.max(5, width) + "s  %9s  %9s  %-19s  %s%n";
    out.printf(row, "IMAGE", "SIZE", "OWN", "DIGEST", "PLATFORMS");
    for (Inspection.Item item : inspection.images()) {
      out.printf(
          row,
          item.image().name(),
          Units.bytes(item.size()),
          Units.bytes(item.own()),
          item.image().descriptor().digest().toString().substring(0, 19),
          platforms(item)
              + (item.elsewhere().isEmpty()
                  ? ""
                  : "  (needs " + String.join(", ", item.elsewhere()) + ")")
              + item.fault().map(fault -> "  (can't be read: " + fault + ")").orElse(""));
    }
    for (ArchivedImage image : archive.awaited()) {
      out.printf(row, image.name(), "-", "-", "-", "(in a volume that was not given)");
    }
    out.println();
    out.println(
        Units.count(inspection.images().size() + archive.awaited().size(), "image")
            + ", "
            + Units.count(inspection.blobs(), "unique blob")
            + ", "
            + Units.bytes(inspection.unique())
            + " (sharing saves "
            + Units.bytes(inspection.mentioned() - inspection.unique())
            + ")");
    if (!archive.unnamed().isEmpty()) {
      out.println(Units.count(archive.unnamed().size(), "image") + " without a name:");
      archive.unnamed().forEach(image -> out.println("  " + image.digest()));
    }
    if (!archive.missingVolumes().isEmpty()) {
      out.println("not given: " + String.join(", ", archive.missingVolumes()));
    }
  }

  /** Of an image without index its config says it, which may be elsewhere. */
  private static String platforms(Inspection.Item item) {
    return item.platforms().isEmpty() && !item.elsewhere().isEmpty()
        ? "?"
        : String.join(" ", item.platforms());
  }

  private static ObjectNode json(ArchiveReader archive, Inspection inspection) throws IOException {
    ObjectNode node = Json.MAPPER.createObjectNode();
    ArrayNode images = node.putArray("images");
    for (Inspection.Item item : inspection.images()) {
      ObjectNode image = images.addObject();
      image.put("name", item.image().name().toString());
      image.put("digest", item.image().descriptor().digest().toString());
      image.put("mediaType", item.image().descriptor().mediaType());
      ArrayNode platforms = image.putArray("platforms");
      item.platforms().forEach(platforms::add);
      image.put("size", item.size());
      image.put("own", item.own());
      ArrayNode elsewhere = image.putArray("needs");
      item.elsewhere().stream().sorted().forEach(elsewhere::add);
      item.fault().ifPresent(fault -> image.put("fault", fault));
    }
    ArrayNode awaited = node.putArray("awaited");
    archive.awaited().forEach(image -> awaited.add(image.name().toString()));
    ArrayNode missing = node.putArray("missingVolumes");
    archive.missingVolumes().forEach(missing::add);
    archive.unfinishedBytes().ifPresent(bytes -> node.put("unfinishedBytes", bytes));
    node.put("unnamed", archive.unnamed().size());
    ArrayNode digests = node.putArray("unnamedDigests");
    archive.unnamed().forEach(image -> digests.add(image.digest().toString()));
    node.put("blobs", inspection.blobs());
    node.put("bytes", inspection.unique());
    node.put("sharingSaves", inspection.mentioned() - inspection.unique());
    return node;
  }
}
