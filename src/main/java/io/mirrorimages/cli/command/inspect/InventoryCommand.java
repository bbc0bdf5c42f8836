package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.job.ArchiveNames;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.report.line.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The small file that a delta can be saved on top of. */
@Command(
    name = "inventory",
    description = "Print the inventory of an archive as JSON: all that save --base needs of it.",
    mixinStandardHelpOptions = true)
public final class InventoryCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Mixin private ArchiveOption archive;

  /**
   * Makes the command.
   *
   * @param err where it is said that a folder is not finished
   */
  public InventoryCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    ImageLocation.Local place = archive.first();
    out.writeBytes(archive.inventory(place, Console.notices(err)).toJson());
    out.println();
    if (place instanceof ImageLocation.OciLayout folder) {
      remark(folder);
    }
    return ExitCode.DONE;
  }

  /** A delta on top of a folder that is not finished has again what is not whole there. */
  private void remark(ImageLocation.OciLayout folder) throws IOException {
    try (ArchiveReader layout = ArchiveReader.openAll(List.of(folder))) {
      OptionalLong kept = layout.unfinishedBytes();
      if (kept.isPresent()) {
        String said = ArchiveNames.unfinished(folder.toString(), kept.getAsLong());
        Console.notices(err).on(new RunEvent.Hint(said));
      }
    }
  }
}
