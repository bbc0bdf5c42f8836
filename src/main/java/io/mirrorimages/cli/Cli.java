package io.mirrorimages.cli;

import io.mirrorimages.cli.command.Commands;
import io.mirrorimages.cli.option.DebugOption;
import io.mirrorimages.cli.option.OptionFiles;
import io.mirrorimages.cli.option.OptionName;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.FileNames;
import io.mirrorimages.cli.process.Mistake;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.cli.process.Version;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Text;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.report.PlainStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command line as a whole: its commands, and how errors are shown and turned into exit codes.
 */
@Command(
    name = "mirror-images",
    description =
        "Brings the images of Rancher, RKE2 and K3s lists, unchanged, into a private registry.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 all done, 1 some images failed, 2 usage or list error,",
      "3 nothing could be done (no access, no space), 4 incomplete (the deadline came): run again,",
      "130 interrupted."
    })
public final class Cli implements Callable<Integer> {
  private final PrintStream err;

  @Spec private CommandSpec spec;

  private Cli(PrintStream err) {
    this.err = err;
  }

  /** Runs the command line, printing to these streams; gives the exit code. */
  static int execute(PrintStream standardOut, PrintStream standardError, String... arguments) {
    PrintStream out = PlainStream.over(standardOut, OptionName::of);
    PrintStream err = PlainStream.over(standardError, OptionName::of);
    Optional<String> garbled =
        FileNames.garbled(arguments, System.getenv(), System.getProperty("user.dir"));
    if (garbled.isPresent()) {
      err.println("mirror-images: " + garbled.get());
      return ExitCode.USAGE;
    }
    CommandLine cli = with(Commands.neededFor(arguments), out, err);
    cli.setOut(new PrintWriter(out, true, out.charset()));
    cli.setErr(new PrintWriter(err, true, err.charset()));
    cli.setCaseInsensitiveEnumValuesAllowed(true);
    cli.setParameterExceptionHandler((e, command) -> usageError(e, err));
    cli.setExecutionExceptionHandler((e, command, parsed) -> failure(e, command, err));
    List<DebugOption> debug = new ArrayList<>();
    cli.setExecutionStrategy(
        parsed -> {
          OptionFiles.check(parsed);
          DebugOption.open(parsed, err).ifPresent(debug::add);
          return new CommandLine.RunLast().execute(parsed);
        });
    try {
      return cli.execute(arguments);
    } finally {
      debug.forEach(DebugOption::close);
    }
  }

  /** All commands with their options: what the manual pages and completions are made from. */
  public static CommandLine complete() {
    return with(Commands.names(), System.out, System.err);
  }

  private static CommandLine with(Collection<String> names, PrintStream out, PrintStream err) {
    CommandLine cli = new CommandLine(new Cli(err));
    for (String name : names) {
      cli.addSubcommand(name, Commands.make(name, out, err));
    }
    return cli;
  }

  /** Without a command: says what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(err);
    return ExitCode.USAGE;
  }

  private static int usageError(CommandLine.ParameterException e, PrintStream err) {
    err.println("mirror-images: " + UsageErrors.message(e) + seeHelp(e.getCommandLine()));
    return ExitCode.USAGE;
  }

  private static int failure(Exception e, CommandLine command, PrintStream err) throws Exception {
    return switch (e) {
      case ImageListException list -> {
        list.problems().forEach(error -> err.println("mirror-images: " + error));
        yield ExitCode.USAGE;
      }
      case UsageException usage -> {
        err.println("mirror-images: " + usage.getMessage() + seeHelp(command));
        yield ExitCode.USAGE;
      }
      case InvalidContentException invalid -> {
        err.println("mirror-images: " + invalid.getMessage());
        yield ExitCode.USAGE;
      }
      case InvalidPathException path -> {
        err.println(
            "mirror-images: "
                + Text.quote(path.getInput())
                + " is no name that a file can have here: is the locale one of UTF-8?");
        yield ExitCode.USAGE;
      }
      case TransferException mirror -> {
        err.println(
            "mirror-images: "
                + mirror.getMessage()
                + (mirror.reason() == FailureKind.OPTION ? seeHelp(command) : ""));
        yield ExitCode.of(mirror);
      }
      case InterruptedIOException interrupted -> {
        err.println("mirror-images: interrupted");
        yield ExitCode.INTERRUPTED;
      }
      case IOException io -> {
        err.println("mirror-images: " + inWords(io));
        yield ExitCode.NOTHING_DONE;
      }
      default -> {
        Mistake.print(e, err);
        DebugOption.of(command.getCommandSpec()).ifPresent(debug -> debug.trace(e));
        yield ExitCode.NOTHING_DONE;
      }
    };
  }

  private static String seeHelp(CommandLine command) {
    return " (see " + command.getCommandSpec().qualifiedName() + " --help)";
  }

  /** The JDK's messages about files are often nothing but the file's name. */
  private static String inWords(IOException e) {
    String said = e.getMessage() == null ? e.getClass().getSimpleName() : firstLine(e.getMessage());
    return switch (e) {
      case AccessDeniedException denied -> said + ": permission denied";
      case NoSuchFileException absent -> said + ": no such file or folder";
      default -> said;
    };
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
