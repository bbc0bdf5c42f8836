package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.InventoryFile;
import io.mirrorimages.archive.read.LocalContent;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ListOption;
import io.mirrorimages.cli.option.UnpackOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.job.inspect.ImageSet;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.mirror.event.RunListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the images of whatever is named: lists, archives, folders, inventories. */
final class ImageSets {
  private ImageSets() {}

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
      LocalContent content =
          name.equals(ImageList.STANDARD_INPUT) ? LocalContent.TEXT : ArchiveOption.content(name);
      switch (content) {
        case ARCHIVE -> archives.add(name);
        case TEXT, FOLDER -> lists.add(name);
        case JSON -> all = all.and(ImageSet.of(InventoryFile.read(ArchiveOption.parse(name))));
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
}
