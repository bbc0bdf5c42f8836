package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.InventoryFile;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.UnpackOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.job.inspect.ImageSet;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the images of whatever is named: lists, archives, folders, inventories. */
final class ImageSets {
  /** The size of a tar's header, which has bytes that no text has. */
  private static final int HEADER = 512;

  private ImageSets() {}

  private enum Input {
    LIST,
    INVENTORY,
    ARCHIVE
  }

  /**
   * The images of all {@code names} together; archives are opened as one.
   *
   * @param sized whether the sizes are wanted too
   * @param hints is told which names of lists have no tag, and how archives are unpacked
   */
  static ImageSet read(
      List<String> names, boolean sized, UnpackOptions unpacking, RunListener hints)
      throws IOException, ImageListException {
    List<String> archives = new ArrayList<>();
    List<String> lists = new ArrayList<>();
    ImageSet all = new ImageSet(List.of());
    for (String name : names) {
      switch (form(name)) {
        case ARCHIVE -> archives.add(name);
        case LIST -> lists.add(name);
        case INVENTORY -> all = all.and(ImageSet.of(InventoryFile.read(ArchiveOption.parse(name))));
      }
    }
    if (!archives.isEmpty()) {
      try (ArchiveReader archive = ArchiveOption.open(archives, unpacking.unpacker(hints))) {
        all = all.and(ImageSet.of(archive, sized));
        unpacking.ended(archive, ExitCode.DONE);
      }
    }
    if (lists.isEmpty()) {
      return all;
    }
    ImageList list = ImageList.read(lists, System.in);
    ListOption.nameUntagged(list, hints);
    return all.and(ImageSet.ofList(list.references()));
  }

  private static Input form(String name) throws IOException {
    if (name.equals(ImageList.STANDARD_INPUT)) {
      return Input.LIST;
    }
    if (!(ArchiveOption.parse(name) instanceof ImageLocation.OciArchive(Path file))) {
      return Input.ARCHIVE;
    }
    if (!Files.isRegularFile(file)) {
      return ArchiveOption.isMeantAsOne(name) ? Input.ARCHIVE : Input.LIST;
    }
    if (Unpacker.isCompressed(file)) {
      return Input.ARCHIVE;
    }
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(HEADER);
    }
    if (start.length > 0 && start[0] == '{') {
      return Input.INVENTORY;
    }
    for (byte b : start) {
      if (b == 0) {
        return Input.ARCHIVE;
      }
    }
    return Input.LIST;
  }
}
