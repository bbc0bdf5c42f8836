package io.mirrorimages.archive.write;

import io.mirrorimages.archive.design.ArchiveDesign;
import io.mirrorimages.archive.design.VolumeContents;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.InventoryJson;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.image.InvalidContentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Recognises a finished file as a volume of a certain archive, as any of its stages left it. */
final class FinishedVolume {
  private FinishedVolume() {}

  /**
   * What {@code file} says of the archive, if that is what {@code design} makes of volume {@code
   * number}, counted from 0; empty if it is another one, none at all, or does not exist.
   */
  static Optional<Inventory> of(ArchiveDesign design, int number, Path file) throws IOException {
    VolumeContents contents = design.volumes().get(number);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !contents.sizes().contains(Files.size(file))) {
      return Optional.empty();
    }
    Region place = contents.inventory();
    try (PositionalFile opened = PositionalFile.forReading(file)) {
      byte[] text = opened.readFully(place.data(), Math.toIntExact(place.size()));
      return Optional.of(InventoryJson.parse(text)).filter(i -> design.isIdOf(number + 1, i.id()));
    } catch (InvalidContentException e) {
      return Optional.empty();
    }
  }
}
