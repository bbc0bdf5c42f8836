package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.read.Inspection;
import io.mirrorimages.cli.command.inspect.TextTable.Column;
import io.mirrorimages.cli.command.inspect.TextTable.Concession;
import io.mirrorimages.cli.command.inspect.TextTable.Cut;
import io.mirrorimages.image.Platform;
import io.mirrorimages.job.inspect.ContentTree;
import io.mirrorimages.job.inspect.ContentTree.Role;
import io.mirrorimages.job.inspect.ImageDetail;
import io.mirrorimages.report.Units;
import java.util.List;
import java.util.Map;

/** One image as people read it: each platform with its layers and labels. */
final class ImageText {
  private static final int SHORT_DIGEST = 22;
  private static final List<Concession> CONCESSIONS =
      List.of(new Concession(1, SHORT_DIGEST), new Concession(2, 0), new Concession(1, 8));

  private final Inspection inspection;
  private final Screen screen;

  ImageText(Inspection inspection, Screen screen) {
    this.inspection = inspection;
    this.screen = screen;
  }

  void print(ImageDetail image) {
    Inspection.Item item = image.item();
    screen.out().println(item.image().name());
    screen.line("digest    " + item.image().descriptor().digest());
    screen.line("type      " + item.image().descriptor().mediaType());
    screen.line(
        "size      "
            + Units.bytes(item.size())
            + ", of which "
            + Units.bytes(item.shared())
            + " in other images of the archive too");
    if (!item.elsewhere().isEmpty()) {
      screen.line("needs     " + String.join(", ", item.elsewhere()));
    }
    item.fault().ifPresent(fault -> screen.line("fault     " + fault));
    for (ImageDetail.OfPlatform part : image.platforms()) {
      screen.out().println();
      screen.line(
          part.platform().map(Platform::toString).orElse("no platform")
              + part.created().map(time -> ", created " + time).orElse("")
              + ", "
              + part.manifest().entry().digest());
      layers(part.manifest());
      labels(part.labels());
    }
  }

  private void layers(ContentTree manifest) {
    TextTable table =
        new TextTable(
            Column.numbers("SIZE"), Column.left("LAYER", Cut.END), Column.left("IN", Cut.END));
    for (ContentTree layer : manifest.children(Role.LAYER)) {
      table.row(
          Units.bytes(layer.entry().size()),
          layer.entry().digest().toString(),
          layer
              .elsewhere()
              .orElseGet(
                  () ->
                      Units.count(
                          inspection.users().getOrDefault(layer.entry().digest(), 1), "image")));
    }
    manifest.elsewhere().ifPresent(where -> screen.line("in " + where));
    if (manifest.elsewhere().isEmpty()) {
      table.lines(screen.width(), CONCESSIONS).forEach(screen.out()::println);
    }
  }

  private void labels(Map<String, String> labels) {
    labels.forEach((name, value) -> screen.line("label     " + name + "=" + value));
  }
}
