package io.mirrorimages.archive.folder;

import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.lock.LockedException;
import io.mirrorimages.lock.RunLock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a folder can be written as an image layout, by one run at a time. */
final class FolderState {
  /** What is there after a run that ended before it had written an index. */
  private static final Set<String> OF_A_BEGINNING =
      Set.of(
          LayoutNames.LOCK,
          LayoutNames.LAYOUT,
          OwnFiles.draft(Path.of(LayoutNames.INDEX)).toString(),
          OwnFiles.draft(Path.of(LayoutNames.LAYOUT)).toString());

  /** What only an archive has, and would contradict an index that is changed. */
  private static final List<String> OF_AN_ARCHIVE =
      List.of(LayoutNames.INVENTORY, LayoutNames.DOCKER_MANIFEST, LayoutNames.DOCKER_REPOSITORIES);

  private FolderState() {}

  /** Makes the folder if there is none, and takes its lock. */
  static RunLock take(Path folder) throws IOException {
    // Nothing is put into a folder of something else, not even a lock.
    check(folder);
    RunLock lock;
    try {
      if (!Files.isDirectory(folder)) {
        OwnFiles.createFolder(folder);
      }
      lock = RunLock.take(folder.resolve(LayoutNames.LOCK), folder + " is being written");
    } catch (LockedException e) {
      throw new TransferException(
          FailureKind.BUSY, e.getMessage() + ": wait for it, or give another folder", e);
    } catch (AccessDeniedException e) {
      throw new TransferException(
          FailureKind.FILE_DENIED, "no right to write " + folder + ": write to another folder", e);
    } catch (FileSystemException e) {
      throw DiskFull.explain(e, folder) instanceof TransferException full
          ? full
          : new TransferException(
              FailureKind.FILE_DENIED,
              "can't write "
                  + folder
                  + " ("
                  + ErrorWords.withoutFile(e)
                  + "): write to another folder",
              e);
    }
    boolean right = false;
    try {
      // Again, with the lock: its previous holder may just have ended.
      check(folder);
      right = true;
      return lock;
    } finally {
      if (!right) {
        lock.close();
      }
    }
  }

  /** Refuses a folder that is something else than a layout, or nothing yet. */
  static void check(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = folder.toAbsolutePath().getParent();
      if (parent == null || !Files.isDirectory(parent)) {
        throw new TransferException(
            FailureKind.FILE_MISSING,
            "the folder of " + folder + " does not exist: create it first");
      }
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new TransferException(
          FailureKind.EXISTS, folder + " is no folder: give the name of a new or an empty one");
    }
    Set<String> names = names(folder);
    if (OF_A_BEGINNING.containsAll(names)) {
      return;
    }
    for (String name : OF_AN_ARCHIVE) {
      if (names.contains(name)) {
        throw new TransferException(
            FailureKind.EXISTS,
            folder
                + " is an unpacked archive, since it has "
                + name
                + ", and nothing is added to it: give a new or an empty folder");
      }
    }
    if (!names.contains(LayoutNames.INDEX) && !names.contains(LayoutNames.LAYOUT)) {
      throw new TransferException(
          FailureKind.EXISTS,
          folder + " is not empty, and no OCI image layout: give a new or an empty folder");
    }
    // With all checks that a reader makes: what is written must not go through a link of it.
    ArchiveReader.openAll(List.of(new ImageLocation.OciLayout(folder))).close();
  }

  private static Set<String> names(Path folder) throws IOException {
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      children.forEach(child -> names.add(child.getFileName().toString()));
    } catch (AccessDeniedException e) {
      throw new TransferException(
          FailureKind.FILE_DENIED, folder + " may not be read: give another folder", e);
    }
    return names;
  }
}
