package io.mirrorimages.archive.file;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.lock.LockedException;
import io.mirrorimages.lock.RunLock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/**
 * The lock of an archive that is being written, which says who writes it. The files themselves are
 * locked too: the user may delete all that lies beside them.
 */
public final class ArchiveLock {
  private ArchiveLock() {}

  /**
   * {@link TransferException} if another process has it. The caller closes what it gets.
   *
   * @param size what the archive will need in bytes, for the message if the disk is full
   */
  public static RunLock take(ArchiveFileNames names, long size) throws IOException {
    Path output = names.output();
    PartialFile.checkFolder(output);
    try {
      return RunLock.take(names.lock(), output + " is being written");
    } catch (LockedException e) {
      throw PartialFile.beingWritten(e.getMessage(), e);
    } catch (AccessDeniedException e) {
      throw PartialFile.noRight(output, e);
    } catch (IOException e) {
      throw DiskFull.explain(e, output, size);
    }
  }
}
