package io.mirrorimages.job.carry;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.archive.file.Checksums;
import io.mirrorimages.archive.file.DiskFull;
import io.mirrorimages.archive.write.EarlierBlobs;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * The files beside an archive with which the far side begins: the tool, how to load, and checksums
 * of these and of the archive. Each has its name only when it is whole. For one run at a time.
 *
 * @param names the archive
 * @param tool what goes beside it
 */
public record ToolFiles(ArchiveFileNames names, CarriedTool tool) {
  /** Where the tool goes. */
  public Path toolFile() {
    return names.output().resolveSibling(tool.fileName());
  }

  /** Where the instructions go. */
  public Path instructions() {
    return names.companion("-load.txt");
  }

  /** The files beside the archive and {@code SHA256SUMS}, in the order of their use. */
  public List<Path> carried() {
    return List.of(instructions(), toolFile());
  }

  /** Bytes that are still to be written, at most. */
  public long missingBytes() throws IOException {
    return Files.exists(toolFile()) ? 0 : tool.largestSize();
  }

  /**
   * Refuses to replace a file of the tool's name that is something else.
   *
   * @throws TransferException {@link FailureKind#EXISTS}
   */
  public void check() throws IOException {
    Checksums.check(names.checksums());
    if (Files.exists(toolFile()) && !isThere()) {
      throw new TransferException(
          FailureKind.EXISTS,
          toolFile()
              + " is there already, and is not written over: remove it, or take it as it is with "
              + Setting.WITH_TOOL
              + "="
              + toolFile());
    }
  }

  private boolean isThere() throws IOException {
    return tool instanceof ToolTarball given
        ? Files.mismatch(given.file(), toolFile()) < 0
        : Checksums.holds(names.checksums(), toolFile());
  }

  /**
   * Puts the tool beside the archive, if it is not there. Its sum comes first: a run that was
   * killed behind it leaves a sum without a file, which the next run knows.
   */
  public void putTool() throws IOException {
    check();
    Path file = toolFile();
    if (Files.exists(file)) {
      if (!Checksums.holds(names.checksums(), file)) {
        Checksums.write(names.checksums(), List.of(file));
      }
      return;
    }
    try {
      OwnFiles.replaceForced(
          file,
          out -> {
            DigestOutputStream hashing =
                new DigestOutputStream(out, Digest.sha256(new byte[0]).newHasher());
            tool.writeTo(hashing);
            String sum = HexFormat.of().formatHex(hashing.getMessageDigest().digest());
            Checksums.note(names.checksums(), file, sum);
          });
    } catch (IOException e) {
      throw DiskFull.explain(e, file);
    }
  }

  /** Removes the tool and its sum. */
  public void removeTool() throws IOException {
    OwnFiles.delete(toolFile());
    Checksums.remove(names.checksums(), List.of(toolFile()));
  }

  /**
   * Hashes files of the archive that this run did not write: as a whole, where {@code SHA256SUMS}
   * has a sum to compare with, else each blob.
   *
   * @param earlier finished files of the archive
   * @throws TransferException {@link FailureKind#CORRUPT} if one of them is damaged
   */
  public void verify(Collection<Path> earlier) throws IOException {
    List<Path> withoutSum = new ArrayList<>();
    for (Path file : earlier) {
      if (!Checksums.areThere(names.checksums(), List.of(file))) {
        withoutSum.add(file);
      } else if (!Checksums.holds(names.checksums(), file)) {
        throw new TransferException(
            FailureKind.CORRUPT,
            "%s is damaged: its checksum is not the one in %s: save it again with %s"
                .formatted(file, names.checksums().getFileName(), Setting.OVERWRITE));
      }
    }
    EarlierBlobs.check(withoutSum);
  }

  /**
   * Writes the instructions, and the sums that are missing, of a finished archive.
   *
   * @param text the instructions
   */
  public void finish(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    OwnFiles.replaceAlone(instructions(), out -> out.write(bytes));
    List<Path> unsummed = new ArrayList<>(List.of(instructions()));
    for (Path file : names.finished()) {
      if (!Checksums.areThere(names.checksums(), List.of(file))) {
        unsummed.add(file);
      }
    }
    Checksums.write(names.checksums(), unsummed);
  }
}
