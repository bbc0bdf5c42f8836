package io.mirrorimages.cli.command.carry;

import io.mirrorimages.cli.closing.CommandText;
import io.mirrorimages.job.carry.CarriedTool;
import io.mirrorimages.job.carry.CarrySheet;
import io.mirrorimages.nodes.rancher.ImportedArchive;
import io.mirrorimages.report.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A carry sheet in words, for people. */
final class CarryText {
  /** What all sheets begin with, so that no other file is written over. */
  static final String BEGIN = "carry sheet of ";

  private CarryText() {}

  /**
   * The sheet.
   *
   * @param tool what is carried with the archive; empty if the far side has the tool
   * @param importer what nodes import the archive; empty if it is loaded into a registry
   */
  static List<String> lines(
      CarrySheet sheet, Optional<CarriedTool> tool, Optional<ImportedArchive> importer) {
    List<CarrySheet.Stick> sticks = sheet.sticks();
    List<String> lines = new ArrayList<>();
    lines.add(
        BEGIN
            + sheet.names().output().getFileName()
            + ": "
            + Units.count(sheet.files().size(), "file")
            + ", "
            + Units.bytes(sheet.size())
            + ", on "
            + Units.count(sticks.size(), "stick")
            + (sticks.size() > 1 ? ", which can be taken in any order" : ""));
    for (int i = 0; i < sticks.size(); i++) {
      lines.add("stick " + (i + 1) + ": " + Units.bytes(sticks.get(i).size()));
      for (CarrySheet.Volume volume : sticks.get(i).volumes()) {
        lines.add(
            "  "
                + volume.name()
                + "  "
                + volume.size()
                + " bytes"
                + volume.sha256().map(sum -> "  sha256 " + sum).orElse(""));
      }
    }
    if (hasSums(sheet)) {
      lines.add("every stick: " + sheet.names().checksums().getFileName());
    }
    if (!sheet.tooLarge().isEmpty()) {
      lines.add(
          "too large for a stick of "
              + Units.bytes(sheet.stickSize().orElse(0))
              + ": "
              + names(sheet.tooLarge())
              + "; save with a smaller --volume-size");
    }
    lines.add(
        sheet.notOnFat32().isEmpty()
            ? "FAT32: every file fits (4 GiB less a byte at most)"
            : "FAT32: too large for it: "
                + names(sheet.notOnFat32())
                + "; format the sticks as exFAT or ext4, or save with --volume-size fat32");
    lines.addAll(farSide(sheet, tool, importer));
    return lines;
  }

  private static List<String> farSide(
      CarrySheet sheet, Optional<CarriedTool> tool, Optional<ImportedArchive> importer) {
    String files = CommandText.file(sheet.names().pattern().getFileName());
    String command = tool.map(it -> it.folder() + "/bin/mirror-images").orElse("mirror-images");
    List<String> lines = new ArrayList<>();
    lines.add("on the far side, with all files in one folder, or for each stick in turn:");
    if (hasSums(sheet)) {
      lines.add("  sha256sum --check --ignore-missing " + sheet.names().checksums().getFileName());
    }
    String once = sheet.sticks().size() > 1 ? "  # once, from stick 1" : "";
    tool.ifPresent(it -> lines.add("  " + unpack(it) + once));
    lines.add("  " + command + " verify --archive " + files);
    if (importer.isPresent()) {
      lines.add("then on each node, as root:");
      importer.get().steps(files).forEach(step -> lines.add("  " + step));
    } else {
      lines.add("  " + command + " load --archive " + files + " --registry HOST");
    }
    return lines;
  }

  private static boolean hasSums(CarrySheet sheet) {
    return sheet.files().stream().allMatch(volume -> volume.sha256().isPresent());
  }

  /** The command line that unpacks the tool. */
  static String unpack(CarriedTool tool) {
    return "tar -xzf " + CommandText.file(Path.of(tool.fileName()));
  }

  private static String names(List<CarrySheet.Volume> volumes) {
    return volumes.stream().map(CarrySheet.Volume::name).collect(Collectors.joining(", "));
  }
}
