package io.mirrorimages.cli.command.carry;

import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.cli.option.value.VolumeSize;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.job.JobListener;
import io.mirrorimages.job.carry.CarrySheet;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for those who carry volumes. */
public final class CarryOptions {
  @Option(
      names = "--carry-sheet",
      paramLabel = "FILE",
      description =
          "Write which volumes go on which stick, with sizes, checksums and the commands of the far"
              + " side; of volumes it is printed too.")
  private @Nullable Path file;

  @Option(
      names = "--stick-size",
      paramLabel = "SIZE",
      converter = VolumeSize.class,
      description =
          "The size of the sticks for the carry sheet, as 64G, of which 2 %% are left to the file"
              + " system (default: one volume per stick).")
  private @Nullable Long stickSize;

  /** Whether one of them is. */
  public boolean isGiven() {
    return file != null || stickSize != null;
  }

  /**
   * Refuses, before any work, volumes that fit on no stick, and to write over another file.
   *
   * @param volumeSize the most bytes of a volume
   */
  public void check(OptionalLong volumeSize) throws IOException {
    if (stickSize != null
        && volumeSize.isPresent()
        && volumeSize.getAsLong() > CarrySheet.roomOn(stickSize)) {
      throw new UsageException(
          "a volume of --volume-size does not fit on a stick of --stick-size: of that "
              + Units.bytes(CarrySheet.roomOn(stickSize))
              + " can be used");
    }
    if (file != null && Files.exists(file) && !isSheet(file)) {
      throw new UsageException(
          "--carry-sheet " + file + " is another file, and is not written over: name a new one");
    }
  }

  /** How many sticks a plan's volumes need; empty if it is not in volumes. */
  public OptionalLong sticks(OptionalInt volumes, @Nullable Long volumeSize) {
    if (volumes.isEmpty() || volumeSize == null) {
      return OptionalLong.empty();
    }
    long each = stickSize == null ? 1 : CarrySheet.roomOn(stickSize) / volumeSize;
    return OptionalLong.of((volumes.getAsInt() + each - 1) / each);
  }

  private static boolean isSheet(Path file) throws IOException {
    byte[] begin = CarryText.BEGIN.getBytes(StandardCharsets.UTF_8);
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Files.size(file) == 0 || Arrays.equals(begin, in.readNBytes(begin.length));
    }
  }

  /**
   * Prints and writes the sheet of a finished archive. Does nothing if files of it are not
   * finished, or if it is one file and no sheet is asked for.
   */
  public void report(ArchiveFileNames names, JobListener listener) throws IOException {
    boolean unfinished = names.existing().stream().anyMatch(ArchiveFileNames::isPartial);
    if (unfinished || (!names.inVolumes() && !isGiven())) {
      return;
    }
    OptionalLong size = stickSize == null ? OptionalLong.empty() : OptionalLong.of(stickSize);
    CarrySheet sheet = CarrySheet.of(names, size);
    if (sheet.volumes().isEmpty()) {
      return;
    }
    List<String> lines = CarryText.lines(sheet);
    lines.forEach(listener::note);
    if (file != null) {
      byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
      OwnFiles.replaceAlone(file, out -> out.write(text));
    }
  }
}
