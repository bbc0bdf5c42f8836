package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.read.InventoryFile;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.process.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
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

  @Mixin private ArchiveOption archive;

  public InventoryCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    out.writeBytes(InventoryFile.read(archive.first()).toJson());
    out.println();
    return ExitCode.DONE;
  }
}
