package io.mirrorimages.cli.command.carry;

import io.mirrorimages.archive.design.ArchiveSpec;
import io.mirrorimages.archive.file.ArchiveFileNames;
import io.mirrorimages.cli.option.value.VolumeSize;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.disk.OwnFiles;
import io.mirrorimages.job.JobListener;
import io.mirrorimages.job.carry.CarrySheet;
import io.mirrorimages.nodes.rancher.ImportedArchive;
import io.mirrorimages.report.Units;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

  @Mixin private ToolOption tool = new ToolOption();

  private Optional<ImportedArchive> importer = Optional.empty();

  /** Those that are given. */
  public List<String> given() {
    List<String> given = new ArrayList<>(tool.isGiven() ? List.of(ToolOption.NAME) : List.of());
    if (hasSheet()) {
      given.add("--carry-sheet");
    }
    return given;
  }

  private boolean hasSheet() {
    return file != null || stickSize != null;
  }

  /**
   * Refuses, before any work, volumes that fit on no stick, and to write over another file.
   *
   * @param archive what is carried
   * @param nodes what nodes import it; empty if it is loaded into a registry
   */
  public void check(ArchiveSpec archive, Optional<ImportedArchive> nodes) throws IOException {
    importer = nodes;
    OptionalLong volumeSize = archive.volumeSize();
    if (stickSize != null
        && volumeSize.isPresent()
        && volumeSize.getAsLong() > CarrySheet.roomOn(stickSize)) {
      throw new UsageException(
          "a volume of --volume-size does not fit on a stick of --stick-size: of that "
              + Units.bytes(CarrySheet.roomOn(stickSize))
              + " can be used");
    }
    if (file != null && !OwnText.mayReplace(file, CarryText.BEGIN)) {
      throw new UsageException(
          "--carry-sheet " + file + " is another file, and is not written over: name a new one");
    }
    tool.check(archive);
  }

  /** Puts the tool beside the archive, before the archive is made. */
  public void putTool(JobListener listener) throws IOException {
    tool.put(listener);
  }

  /** Bytes that will come beside the archive, at most. */
  public long besideBytes() throws IOException {
    return tool.missingBytes();
  }

  /** How many sticks a plan's volumes need; empty if it is not in volumes. */
  public OptionalLong sticks(OptionalInt volumes, OptionalLong volumeSize) throws IOException {
    if (volumes.isEmpty() || volumeSize.isEmpty()) {
      return OptionalLong.empty();
    }
    long each = stickSize == null ? 1 : CarrySheet.roomOn(stickSize) / volumeSize.getAsLong();
    long first =
        stickSize == null
            ? 1
            : Math.max(0, CarrySheet.roomOn(stickSize) - tool.size()) / volumeSize.getAsLong();
    return OptionalLong.of(1 + Math.max(0, Math.ceilDiv(volumes.getAsInt() - first, each)));
  }

  /**
   * Writes what goes with a finished archive: the tool, how to load it, and checksums. Does nothing
   * if files of it are not finished.
   *
   * @throws io.mirrorimages.failure.TransferException if a file that an earlier run made is damaged
   */
  public void finish(ArchiveFileNames names, JobListener listener) throws IOException {
    if (isFinished(names)) {
      tool.finish(importer, listener);
    }
  }

  private static boolean isFinished(ArchiveFileNames names) throws IOException {
    return names.existing().stream().noneMatch(ArchiveFileNames::isPartial)
        && !names.finished().isEmpty();
  }

  /**
   * Prints what lies beside a finished archive, and prints and writes its sheet. Does nothing if
   * files of it are not finished, or if it is one file and no sheet is asked for.
   */
  public void report(ArchiveFileNames names, JobListener listener) throws IOException {
    if (!isFinished(names)) {
      return;
    }
    tool.report(listener);
    if (!names.inVolumes() && !hasSheet()) {
      return;
    }
    OptionalLong size = stickSize == null ? OptionalLong.empty() : OptionalLong.of(stickSize);
    CarrySheet sheet = CarrySheet.of(names, tool.carried(), size);
    List<String> lines = CarryText.lines(sheet, tool.given(), importer);
    lines.forEach(listener::note);
    if (file != null) {
      byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
      OwnFiles.replaceAlone(file, out -> out.write(text));
    }
  }
}
