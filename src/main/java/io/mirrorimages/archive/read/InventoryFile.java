package io.mirrorimages.archive.read;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.FileParts;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.format.source.ArchiveFile;
import io.mirrorimages.archive.format.source.FileKind;
import io.mirrorimages.archive.layout.ArchivedImage;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.InventoryJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.tar.TarScanner;
import io.mirrorimages.archive.unpack.UnpackedCopy;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where an inventory is read from: an archive of any format, or a small file of its own. */
public final class InventoryFile {
  private static final int LARGEST = 256 * 1024 * 1024;

  /** The size of a tar's header, which has bytes that no text has. */
  private static final int HEADER = 512;

  private InventoryFile() {}

  /**
   * The inventory of an archive, as {@link #read(Path)}, or of a folder that is an image layout.
   * Its base is called as the file or the folder.
   */
  public static Inventory read(ImageLocation.Local place) throws IOException {
    return read(place, event -> {});
  }

  private static Inventory read(ImageLocation.Local place, RunListener hints) throws IOException {
    Inventory inventory =
        switch (place) {
          case ImageLocation.OciArchive(Path file) -> read(file, hints);
          case ImageLocation.OciLayout folder -> {
            try (ArchiveReader layout = ArchiveReader.openAll(List.of(folder))) {
              yield layout.inventory();
            }
          }
        };
    Path name = place.path().toAbsolutePath().normalize().getFileName();
    return inventory.called(name == null ? place.toString() : name.toString());
  }

  /**
   * As {@link #read(ImageLocation.Local)}; a compressed archive is unpacked for that.
   *
   * @param keep whether the copy stays for a later run
   * @param hints receives a hint if a delta on top of the archive would leave out nothing
   */
  public static Inventory read(
      ImageLocation.Local place, Unpacker unpacker, boolean keep, RunListener hints)
      throws IOException {
    FileParts parts = FileParts.of(place.path());
    try {
      return unpacked(place, unpacker, keep, hints);
    } catch (TransferException e) {
      throw parts.explain(e);
    }
  }

  private static Inventory unpacked(
      ImageLocation.Local place, Unpacker unpacker, boolean keep, RunListener hints)
      throws IOException {
    Optional<UnpackedCopy> unpacked = unpacker.open(place.path());
    if (unpacked.isEmpty()) {
      return read(place, hints);
    }
    try (UnpackedCopy copy = unpacked.get()) {
      Inventory inventory = inventory(copy, hints);
      if (!keep) {
        copy.discard();
      }
      return inventory.called(String.valueOf(place.path().getFileName()));
    }
  }

  private static Inventory inventory(UnpackedCopy copy, RunListener hints) throws IOException {
    try {
      return read(copy.path(), hints);
    } catch (IOException e) {
      copy.discardIfUnusable(e);
      throw e;
    }
  }

  /**
   * Reads the inventory of an archive, from one of its volumes or from a file of its own.
   *
   * @throws io.mirrorimages.failure.TransferException if the file is neither, or can't be read
   */
  public static Inventory read(Path file) throws IOException {
    return read(file, event -> {});
  }

  private static Inventory read(Path file, RunListener hints) throws IOException {
    if (Files.isDirectory(file)) {
      return ofArchive(file, hints);
    }
    ArchiveErrors errors = new ArchiveErrors(file);
    boolean text;
    try (PositionalFile opened = ArchiveFile.open(file, errors)) {
      FileKind.refuseCompressed(opened, errors);
      if (opened.size() > 0 && opened.readFully(0, 1)[0] == '{') {
        if (opened.size() > LARGEST) {
          throw errors.corrupt("is larger than any inventory: give the file as inventory wrote it");
        }
        byte[] json = opened.readFully(0, (int) opened.size());
        if (!isInventory(json)) {
          throw errors.corrupt(
              "is JSON, but no inventory of an archive: give the archive, or its inventory as"
                  + " inventory prints it; a list has one name a line");
        }
        return InventoryJson.parse(json);
      }
      text = isText(opened.readFully(0, (int) Math.min(HEADER, opened.size())));
    } catch (InvalidContentException e) {
      throw errors.corrupt(
          "is no inventory (" + e.getMessage() + "): write it again with inventory");
    }
    if (text) {
      throw errors.corrupt(
          "is neither an archive nor an inventory of one: give the archive as save wrote it, or"
              + " write its inventory again with inventory");
    }
    return ofArchive(file, hints);
  }

  private static Inventory ofArchive(Path file, RunListener hints) throws IOException {
    try (ArchiveReader archive = ArchiveReader.open(file)) {
      if (hasPlainLayersOnly(archive)) {
        hints.on(
            new RunEvent.Hint(
                file
                    + " is a docker archive whose layers are not compressed: registries have them"
                    + " compressed, with other digests; a delta on top of it leaves out nothing"));
      }
      return archive.inventory();
    }
  }

  private static boolean hasPlainLayersOnly(ArchiveReader archive) throws IOException {
    if (archive.rebuilt().isEmpty() || !archive.rebuiltIndexes().isEmpty()) {
      return false;
    }
    for (ArchivedImage image : archive.images()) {
      Descriptor descriptor = image.descriptor();
      if (archive.size(descriptor.digest()).isEmpty()
          || archive.manifest(descriptor.digest(), descriptor.mediaType()).layers().stream()
              .anyMatch(layer -> !layer.mediaType().equals(MediaTypes.OCI_LAYER))) {
        return false;
      }
    }
    return !archive.images().isEmpty();
  }

  /**
   * The inventory of a finished archive that this tool has written just now: of one of its volumes,
   * without a look at the rest, which {@link #read(Path)} checks.
   *
   * @throws io.mirrorimages.failure.TransferException if the file has none
   */
  public static Inventory ofWritten(Path file) throws IOException {
    ArchiveErrors errors = new ArchiveErrors(file);
    try (PositionalFile opened = ArchiveFile.open(file, errors)) {
      TarScanner entries = new TarScanner(opened, errors);
      for (Optional<FileEntry> next = entries.next(); next.isPresent(); next = entries.next()) {
        FileEntry entry = next.get();
        if (entry.name().equals(LayoutNames.INVENTORY)) {
          return InventoryJson.parse(opened.readFully(entry.data(), Math.toIntExact(entry.size())));
        }
      }
    } catch (InvalidContentException e) {
      throw errors.corrupt("has a damaged inventory (" + e.getMessage() + "): save it again");
    }
    throw errors.corrupt("has no inventory: save it again");
  }

  /** Whether it has the key that an inventory begins with. */
  private static boolean isInventory(byte[] json) {
    int length = Math.min(HEADER, json.length);
    return new String(json, 0, length, StandardCharsets.ISO_8859_1).contains("\"inventory\"");
  }

  private static boolean isText(byte[] start) {
    for (byte b : start) {
      if (b == 0) {
        return false;
      }
    }
    return start.length > 0;
  }
}
