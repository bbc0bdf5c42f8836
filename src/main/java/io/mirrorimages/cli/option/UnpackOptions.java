package io.mirrorimages.cli.option;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.unpack.UnpackedCopy;
import io.mirrorimages.archive.unpack.Unpacker;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.mirror.event.RunListener;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for archives that are compressed. */
public final class UnpackOptions {
  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description =
          "Where an archive that is compressed (gzip, zstd, xz) is unpacked, which is done once;"
              + " only you should be able to write there (default: beside the archive).")
  private @Nullable Path folder;

  @Option(
      names = "--keep-unpacked",
      description =
          "Keep the unpacked copy of a compressed archive for the next command; without it a run"
              + " that has done everything deletes it.")
  private boolean keep;

  /** Unpacks archives; reports to {@code listener}. */
  public Unpacker unpacker(RunListener listener) {
    return unpacker(listener, Unpacker.Precondition.NONE);
  }

  /** The same; {@code first} is done before an archive is unpacked. */
  Unpacker unpacker(RunListener listener, Unpacker.Precondition first) {
    return new Unpacker(folder, listener, first);
  }

  /** The folder as words of a command line, for another command; empty if it is not given. */
  List<String> words() {
    return folder == null ? List.of() : List.of("--work-dir", folder.toString());
  }

  /** Whether copies are kept in any case. */
  boolean keep() {
    return keep;
  }

  /**
   * Settles what becomes of the unpacked copies of an archive; they are kept without this.
   *
   * @param exitCode that of the command
   * @return the same
   */
  public int ended(ArchiveReader reader, int exitCode) {
    if (exitCode == ExitCode.DONE && !keep) {
      reader.copies().forEach(UnpackedCopy::discard);
    }
    return exitCode;
  }
}
