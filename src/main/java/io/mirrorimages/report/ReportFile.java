package io.mirrorimages.report;

import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.lock.LockedException;
import io.mirrorimages.lock.RunLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file of a report, which belongs to one run from {@link #take} to {@link #close}: a second run
 * that names it does not touch it. Replaced as a whole, never half written. Thread-safe.
 */
public final class ReportFile implements Closeable {
  private final Path file;
  private final ReportFormat format;
  private final Optional<RunLock> lock;

  private ReportFile(Path file, ReportFormat format, Optional<RunLock> lock) {
    this.file = file;
    this.format = format;
    this.lock = lock;
  }

  /**
   * Takes the file for this run; what is in it stays until {@link #write}. Where no lock can be
   * made, it is taken without one.
   *
   * @throws TransferException {@link FailureKind#BUSY} if another run has it; another kind if it
   *     can't be written, or is a file that no run has written
   */
  public static ReportFile take(Path file, ReportFormat format) throws TransferException {
    OutcomeKinds.checkFolder(format.setting(), file);
    OutcomeKinds.checkKind(format.setting(), file, path -> isReport(path, format), format.noun());
    try {
      RunLock lock =
          RunLock.take(
              file.resolveSibling(file.getFileName() + ".lock"),
              "the " + format.noun() + " " + file + " is being written");
      return new ReportFile(file, format.after(head(file)), Optional.of(lock));
    } catch (LockedException e) {
      throw new TransferException(
          FailureKind.BUSY,
          e.getMessage() + ": wait for its end, or name another file with " + format.setting(),
          e);
    } catch (IOException e) {
      return unlocked(file, format);
    }
  }

  /** One in a file system without locks. */
  static ReportFile unlocked(Path file, ReportFormat format) {
    return new ReportFile(file, format.after(head(file)), Optional.empty());
  }

  /** What can't be read has nothing to go on from. */
  private static String head(Path file) {
    try {
      return OutcomeKinds.head(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean isReport(Path file, ReportFormat format) throws IOException {
    String head = OutcomeKinds.head(file);
    return head.isEmpty() || format.isReport(head);
  }

  /** Replaces the file; the message of a failure names it. */
  void write(RunReport report) throws IOException {
    try {
      OwnFiles.replace(file, out -> format.write(report, out));
    } catch (IOException e) {
      throw new IOException(
          "the " + format.noun() + " " + file + " (" + ErrorWords.withoutFile(e) + ")", e);
    }
  }

  /** As {@link #write}; what can't be replaced is removed if it is true of an earlier run only. */
  void writeOrRemove(RunReport report) throws IOException {
    try {
      write(report);
    } catch (IOException e) {
      if (format.staysTrue()) {
        throw e;
      }
      try {
        OwnFiles.delete(file);
      } catch (IOException second) {
        e.addSuppressed(second);
        throw new IOException(e.getMessage() + ", which still shows what was before", e);
      }
      throw new IOException(e.getMessage() + ", and the older one is removed", e);
    }
  }

  /** The option that names it. */
  Setting setting() {
    return format.setting();
  }

  /** Gives the file free. A lock's file that can't be removed stays, and is in nobody's way. */
  @Override
  public void close() {
    try {
      if (lock.isPresent()) {
        lock.get().close();
      }
    } catch (IOException e) {
      // As said.
    }
  }
}
