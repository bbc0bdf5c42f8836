package io.mirrorimages.archive.design;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.file.Checksums;
import io.mirrorimages.archive.file.PartialFile;
import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How an archive is to be made.
 *
 * @param output the file; with volumes, what they are named after: {@code rancher.tar} gives {@code
 *     rancher-0001.tar} and so on
 * @param volumeSize the most bytes a volume may have, all of the file counted; empty for one file
 *     of any size
 * @param base an earlier archive whose blobs are left out, because the target will have them
 * @param overwrite whether a finished archive of this name may be replaced, when the new one is
 *     whole
 */
public record ArchiveSpec(
    Path output, OptionalLong volumeSize, Optional<Inventory> base, boolean overwrite) {
  /** What its files are called. */
  public ArchiveFileNames names() {
    return new ArchiveFileNames(output, volumeSize.isPresent());
  }

  /** One file with everything, which must not exist yet. */
  public static ArchiveSpec of(Path output) {
    return new ArchiveSpec(output, OptionalLong.empty(), Optional.empty(), false);
  }

  /** The same, allowed to replace a finished archive. */
  public ArchiveSpec overwriting() {
    return new ArchiveSpec(output, volumeSize, base, true);
  }

  /**
   * Refuses, before any work, an output that exists (a finished archive is never written over,
   * unless that is asked for), has no folder, or may not be written.
   */
  public void check() throws IOException {
    PartialFile.checkFolder(output);
    for (Path file : finished()) {
      if (overwrite) {
        checkArchive(file);
      } else {
        PartialFile.checkAbsent(file);
      }
    }
    if (volumeSize.isPresent()) {
      Checksums.check(names().checksums());
    }
  }

  /** Refuses a file that no run has written: all archives begin with the same name. */
  private static void checkArchive(Path file) throws IOException {
    byte[] name = LayoutNames.LAYOUT.getBytes(StandardCharsets.US_ASCII);
    boolean ours = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    if (ours && Files.size(file) > 0) {
      try (InputStream in = Files.newInputStream(file)) {
        ours = Arrays.equals(name, in.readNBytes(name.length));
      }
    }
    if (!ours) {
      throw new TransferException(
          FailureKind.EXISTS,
          file
              + " is no archive that save made, and is not overwritten: give another name, or"
              + " remove it first");
    }
  }

  /** The files there are of a finished archive of this name; empty if there is none. */
  public List<Path> finished() throws IOException {
    return names().finished();
  }

  /** Whether an unfinished archive of this name is there. */
  public boolean isBegun() {
    return Files.exists(ArchiveFileNames.partial(file(1)));
  }

  /** The file of a volume, counted from 1. */
  public Path file(int volume) {
    return names().volume(volume);
  }
}
