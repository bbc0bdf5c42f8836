package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.cli.option.UnpackOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.job.inspect.ImageSet;
import io.mirrorimages.job.inspect.ImageSet.Change;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.report.line.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What differs between two lists or archives. */
@Command(
    name = "diff",
    description = {
      "Print what differs between two archives or lists, one image a line.",
      "  + NAME               only the second has it",
      "  - NAME               only the first has it",
      "  ~ NAME  OLD -> NEW   both have the name, for images of different digests"
    },
    mixinStandardHelpOptions = true)
public final class DiffCommand implements Callable<Integer> {
  private final PrintStream out;
  private final RunListener hints;

  @Parameters(
      index = "0",
      paramLabel = "OLD",
      description =
          "An archive (of its volumes the --output they have in common), oci:DIR, an inventory, or"
              + " an image list; - is a list from standard input.")
  private String before;

  @Parameters(index = "1", paramLabel = "NEW", description = "The same.")
  private String after;

  @Mixin private UnpackOptions unpacking;

  @Option(names = "--exit-code", description = "End with 1 if anything differs. Default: 0.")
  private boolean exitCode;

  /** Prints to {@code out}, and hints to {@code err}. */
  public DiffCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.hints = Console.notices(err);
  }

  @Override
  public Integer call() throws IOException, ImageListException {
    List<Change> changes =
        ImageSets.read(List.of(before), false, unpacking, hints)
            .changes(ImageSets.read(List.of(after), false, unpacking, hints));
    changes.forEach(change -> out.println(line(change)));
    return exitCode && !changes.isEmpty() ? ExitCode.SOME_FAILED : ExitCode.DONE;
  }

  private static String line(Change change) {
    if (change.before().isEmpty()) {
      return "+ " + change.after().orElseThrow().name();
    }
    ImageSet.Member old = change.before().get();
    return change
        .after()
        .map(
            image ->
                "~ "
                    + image.name()
                    + "  "
                    + old.digest().orElseThrow()
                    + " -> "
                    + image.digest().orElseThrow())
        .orElseGet(() -> "- " + old.name());
  }
}
