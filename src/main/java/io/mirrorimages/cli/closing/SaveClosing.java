package io.mirrorimages.cli.closing;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.read.InventoryFile;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.nodes.rancher.ImportedArchive;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The archive or volumes that were made, with size and identity, and how they get into the target,
 * or onto the nodes.
 *
 * @param spec the archive
 * @param importer what nodes import it; empty if it is loaded into a registry
 * @param words the options given that each command needs that reads the archive
 */
public record SaveClosing(ArchiveSpec spec, Optional<ImportedArchive> importer, List<String> words)
    implements Closing {
  /** Copies the list. */
  public SaveClosing {
    words = List.copyOf(words);
  }

  @Override
  public List<String> lines(EndedRun run) throws IOException {
    List<Path> files = spec.finished();
    boolean made = run.has(Status.COPIED) || run.has(Status.UNCHANGED);
    // A run that made nothing has left an older archive there, if any.
    if (files.isEmpty() || !made || run.has(Status.UNFINISHED)) {
      return List.of();
    }
    String names = CommandText.file(pattern(files));
    String read = names + CommandText.options(words);
    List<String> lines = new ArrayList<>();
    lines.add(made(files));
    lines.add("next: carry it, and check it there: mirror-images verify --archive " + read);
    if (importer.isPresent()) {
      importer
          .get()
          .steps(names)
          .forEach(step -> lines.add("then, on each node, as root: " + step));
      leftOut(run).ifPresent(lines::add);
    } else {
      lines.add("then: mirror-images load --archive " + read + " --registry HOST[/PROJECT]");
    }
    return lines;
  }

  private static Optional<String> leftOut(EndedRun run) {
    List<String> names =
        run.images().stream()
            .filter(image -> image.status() == Status.SKIPPED && image.anyPlatform())
            .map(image -> image.request().source().toString())
            .toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "left out, since nodes import container images only: "
                + String.join(" ", names)
                + "; carry them in an archive without --for");
  }

  private String made(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    Inventory inventory = InventoryFile.ofWritten(files.getFirst());
    long images = inventory.ownImages().map(Inventory.Image::name).distinct().count();
    return (files.size() == 1 && spec.volumeSize().isEmpty()
            ? files.getFirst().toString()
            : Units.count(files.size(), "volume") + " " + pattern(files))
        + ": "
        + Units.bytes(bytes)
        + ", "
        + Units.count(images, "image")
        + ", id "
        + inventory.id();
  }

  /** All files in one word of a shell, as they are called where they are carried to. */
  private Path pattern(List<Path> files) {
    Path all = files.size() == 1 ? files.getFirst() : spec.names().pattern();
    return Objects.requireNonNull(all.getFileName());
  }
}
