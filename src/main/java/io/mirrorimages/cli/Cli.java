package io.mirrorimages.cli;

import io.mirrorimages.cli.command.Commands;
import io.mirrorimages.cli.output.OptionName;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.FileNames;
import io.mirrorimages.cli.process.Version;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.report.PlainStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
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
      "mirror-images help COMMAND shows the options of a command, mirror-images version the"
          + " version,",
      "mirror-images help schedule how to run it by cron, systemd or in Kubernetes.",
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
    Optional<String> unreadable =
        FileNames.garbled(arguments, System.getenv(), System.getProperty("user.dir"))
            .or(() -> FileNames.missingArgumentFile(arguments));
    if (unreadable.isEmpty() && asksForVersion(arguments) && printsVersion(standardOut)) {
      return ExitCode.DONE;
    }
    AtomicReference<CommandSpec> called = new AtomicReference<>();
    SettingNames naming = OptionName.in(() -> Optional.ofNullable(called.get()));
    PrintStream out = PlainStream.over(standardOut, naming);
    PrintStream err = PlainStream.over(standardError, naming);
    if (unreadable.isPresent()) {
      err.println("mirror-images: " + unreadable.get());
      return ExitCode.USAGE;
    }
    Optional<String> topic = HelpTopics.askedFor(arguments);
    if (topic.isPresent()) {
      // As bytes: settings of a unit have the form of secrets, as StateDirectory=.
      out.writeBytes(topic.get().getBytes(out.charset()));
      return ExitCode.DONE;
    }
    String[] words = asOptions(arguments);
    CommandLine cli = with(Commands.neededFor(words), out, err);
    cli.setOut(new PrintWriter(out, true, out.charset()));
    cli.setErr(new PrintWriter(err, true, err.charset()));
    try (Invocation invocation = new Invocation(List.of(arguments), out, err)) {
      cli.setParameterExceptionHandler((e, given) -> invocation.usageError(e));
      cli.setExecutionExceptionHandler((e, command, parsed) -> invocation.failed(e, command));
      cli.setExecutionStrategy(
          parsed -> {
            called.set(Invocation.called(parsed));
            return invocation.run(parsed);
          });
      return invocation.end(cli.execute(words));
    }
  }

  private static boolean asksForVersion(String... arguments) {
    return arguments.length == 1 && List.of("--version", "-V", "version").contains(arguments[0]);
  }

  /** Without the options of any command, in half the time. False if the output takes no more. */
  private static boolean printsVersion(PrintStream out) {
    out.println(Version.line());
    return !out.checkError();
  }

  /** {@code help}, {@code help COMMAND} and {@code version} as the options that they stand for. */
  private static String[] asOptions(String... arguments) {
    return switch (arguments.length == 0 ? "" : arguments[0]) {
      case "help" -> helpOf(arguments);
      case "version" -> new String[] {"--version"};
      default -> asksForHelp(arguments) ? helpOf("help", arguments[0]) : arguments;
    };
  }

  /** As in {@code load help}, unless that is a file. */
  private static boolean asksForHelp(String... arguments) {
    return arguments.length == 2
        && arguments[1].equals("help")
        && Commands.names().contains(arguments[0])
        && !Files.exists(Path.of("help"));
  }

  private static String[] helpOf(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
    if (command.equals(List.of("help"))) {
      command.clear();
    }
    if (command.isEmpty() || Commands.names().contains(command.getFirst())) {
      command.add("--help");
    }
    return command.toArray(String[]::new);
  }

  /** All commands with their options: what the manual pages and completions are made from. */
  public static CommandLine complete() {
    CommandLine all = with(Commands.names(), System.out, System.err);
    HelpLayout.apply(all);
    return all;
  }

  private static CommandLine with(Collection<String> names, PrintStream out, PrintStream err) {
    CommandLine cli = new CommandLine(new Cli(err));
    for (String name : names) {
      cli.addSubcommand(name, Commands.make(name, out, err));
    }
    cli.setCaseInsensitiveEnumValuesAllowed(true);
    cli.setUnmatchedOptionsAllowedAsOptionParameters(false);
    return cli;
  }

  /** Without a command: says what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(err);
    return ExitCode.USAGE;
  }
}
