package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.archive.read.Inspection;
import io.mirrorimages.archive.read.UnnamedImages;
import io.mirrorimages.cli.command.inspect.TextTable.Column;
import io.mirrorimages.cli.command.inspect.TextTable.Concession;
import io.mirrorimages.cli.command.inspect.TextTable.Cut;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.job.inspect.ArchiveFacts;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** An archive as people read it: its images, then what is to be said of the whole. */
final class ArchiveText {
  private static final int SHORT_DIGEST = 19;
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  /** Platforms go first, which are often the same; of a name its end is kept. */
  private static final List<Concession> CONCESSIONS =
      List.of(
          new Concession(4, 14),
          new Concession(3, 0),
          new Concession(0, 24),
          new Concession(2, 0),
          new Concession(4, 0),
          new Concession(0, 8));

  private final ArchiveReader archive;
  private final Inspection inspection;
  private final Screen screen;

  ArchiveText(ArchiveReader archive, Inspection inspection, Screen screen) {
    this.archive = archive;
    this.inspection = inspection;
    this.screen = screen;
  }

  void print(List<Inspection.Item> items, ArchiveFacts facts) throws IOException {
    images(items);
    screen.out().println();
    screen.line(
        Units.count(inspection.images().size() + archive.awaited().size(), "image")
            + ", "
            + Units.count(inspection.blobs(), "unique blob")
            + ", "
            + Units.bytes(inspection.unique())
            + " (sharing saves "
            + Units.bytes(inspection.mentioned() - inspection.unique())
            + ")");
    facts(facts);
    if (!archive.missingVolumes().isEmpty()) {
      screen.line("not given: " + String.join(", ", archive.missingVolumes()));
    }
    unnamed();
  }

  private void unnamed() throws IOException {
    UnnamedImages unnamed = UnnamedImages.of(archive);
    if (!unnamed.all().isEmpty()) {
      screen.line(Units.count(unnamed.all().size(), "image") + " without a name:");
      for (Descriptor image : unnamed.all()) {
        List<String> platforms = unnamed.platforms(image);
        screen
            .out()
            .println(
                "  "
                    + image.digest()
                    + (platforms.isEmpty() ? "" : "  " + String.join(" ", platforms)));
      }
    }
  }

  private void images(List<Inspection.Item> items) {
    TextTable table =
        new TextTable(
            Column.left("IMAGE", Cut.START),
            Column.numbers("SIZE"),
            Column.numbers("OWN"),
            Column.left("DIGEST", Cut.END),
            Column.left("PLATFORMS", Cut.END));
    for (Inspection.Item item : items) {
      table.row(
          item.image().name().toString(),
          Units.bytes(item.size()),
          Units.bytes(item.own()),
          item.image().descriptor().digest().toString().substring(0, SHORT_DIGEST),
          platforms(item)
              + (item.elsewhere().isEmpty()
                  ? ""
                  : "  (needs " + String.join(", ", item.elsewhere()) + ")")
              + item.fault().map(fault -> "  (can't be read: " + fault + ")").orElse(""));
    }
    for (ArchivedImage image : archive.awaited()) {
      table.row(image.name().toString(), "-", "-", "-", "(in a volume that was not given)");
    }
    table.lines(screen.width(), CONCESSIONS).forEach(screen.out()::println);
  }

  /** Of an image without index its config says it, which may be elsewhere. */
  private static String platforms(Inspection.Item item) {
    return item.platforms().isEmpty() && !item.elsewhere().isEmpty()
        ? "?"
        : String.join(" ", item.platforms());
  }

  private void facts(ArchiveFacts facts) {
    List<ArchivedFile> files = facts.files();
    screen.line(
        "on disk   "
            + (files.size() == 1
                ? files.getFirst().path().toString()
                : Units.count(files.size(), "file"))
            + ", "
            + Units.bytes(ArchivedFile.sizeOf(files))
            + ", written "
            + minute(facts.written()));
    if (facts.archives().isEmpty()) {
      String format = files.getFirst().format();
      screen.line(
          "archive   of another tool: "
              + (archive.rebuilt().isEmpty()
                  ? format + ", without an inventory"
                  : format
                      + (archive.rebuiltIndexes().isEmpty()
                          ? ", with rebuilt manifests: each digest is not the upstream's"
                          : ", with rebuilt indexes: digests of images with several platforms are"
                              + " not the upstream's")));
    }
    for (ArchiveFacts.Saved saved : facts.archives()) {
      screen.line(
          "archive   "
              + saved.id()
              + (saved.volumes() == 1
                  ? ""
                  : ", " + saved.given() + " of " + Units.count(saved.volumes(), "volume")));
    }
    for (ArchiveFacts.Base base : facts.bases()) {
      screen.line("base      " + base(base));
    }
    if (!facts.bases().isEmpty()) {
      screen.line(
          "delta     holds "
              + Units.bytes(facts.held())
              + (facts.needed() > 0
                  ? ", needs " + Units.bytes(facts.needed()) + " that its base has"
                  : " with its base"));
    }
  }

  private static String base(ArchiveFacts.Base base) {
    return base.file().map(file -> file + " (" + base.id() + ")").orElse(base.id())
        + (base.given() ? ", given" : "")
        + base.written().map(time -> ", written " + minute(time)).orElse("");
  }

  private static String minute(Instant time) {
    return MINUTE.format(time.atZone(ZoneId.systemDefault()));
  }
}
