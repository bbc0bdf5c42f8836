package io.mirrorimages.cli;

import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.RunOptions;
import io.mirrorimages.cli.output.DebugOption;
import io.mirrorimages.cli.output.LogOptions;
import io.mirrorimages.cli.output.OptionFiles;
import io.mirrorimages.cli.output.OutcomeOptions;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.Mistake;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.ErrorWords;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * One call of the command line: opens the files that its options name, runs its command, shows what
 * it fails with, and writes into the report how it ended.
 */
final class Invocation implements AutoCloseable {
  private final List<String> arguments;
  private final PrintStream out;
  private final PrintStream err;
  private Optional<OutcomeOptions> outcome = Optional.empty();
  private Optional<LogOptions> log = Optional.empty();
  private Optional<DebugOption> debug = Optional.empty();
  private Optional<Failure> failure = Optional.empty();
  private boolean parsed;

  Invocation(List<String> arguments, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  /** Runs the command that was parsed. */
  int run(ParseResult all) {
    ParseResult command = last(all);
    RunOptions.planOnly(command.commandSpec());
    parsed = true;
    boolean help = command.isUsageHelpRequested();
    boolean version = command.isVersionHelpRequested();
    if (help || (!version && !all.hasSubcommand())) {
      HelpLayout.fit(all.commandSpec().commandLine());
    }
    if (!help && !version) {
      open(command.commandSpec());
    }
    return new CommandLine.RunLast().execute(all);
  }

  /** The command that was called. */
  static CommandSpec called(ParseResult all) {
    return last(all).commandSpec();
  }

  private static ParseResult last(ParseResult all) {
    ParseResult command = all;
    while (command.hasSubcommand()) {
      command = command.subcommand();
    }
    return command;
  }

  private void open(CommandSpec command) {
    refuseShownPassword(command);
    OptionFiles.check(command);
    Optional<LogOptions> logged = LogOptions.of(command);
    logged.ifPresent(option -> option.open(command, OutcomeOptions.of(command), out, err));
    log = logged;
    try {
      openOutcome(command);
    } catch (TransferException | UsageException e) {
      throw new ExecutionException(command.commandLine(), e.getMessage(), e);
    }
    debug = DebugOption.of(command);
    debug.ifPresent(option -> option.open(command, err, this::notice));
  }

  /** A word behind that option may be the password, and no file that an error may name. */
  private void refuseShownPassword(CommandSpec command) {
    for (int i = 0; i + 1 < arguments.size(); i++) {
      if (arguments.get(i).matches("--(source-|target-)?password-stdin")
          && !arguments.get(i + 1).startsWith("-")
          && !isArchive(arguments.get(i + 1))) {
        throw new ParameterException(
            command.commandLine(),
            arguments.get(i)
                + " takes no value: the password comes by standard input; what stands behind it is"
                + " no archive");
      }
    }
  }

  private static boolean isArchive(String word) {
    return ArchiveOption.isMeantAsOne(word)
        || word.matches("(?s).*[*?].*")
        || Files.exists(Path.of(word));
  }

  private void openOutcome(CommandSpec command) throws TransferException {
    outcome = OutcomeOptions.of(command);
    if (outcome.isPresent()) {
      outcome.get().open(command);
    }
  }

  /** Shows what is wrong with the command line. */
  int usageError(ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    CommandSpec meant = UsageErrors.meant(e);
    Optional<LogOptions> unopened =
        log.isEmpty() ? LogOptions.readAhead(meant, arguments) : Optional.empty();
    try {
      if (!parsed) {
        OutcomeOptions.readAhead(meant, arguments);
        RunOptions.planOnly(meant);
      }
      OptionFiles.check(meant);
      openLog(meant, unopened);
      if (!parsed) {
        openOutcome(meant);
      }
    } catch (ParameterException | TransferException | UsageException second) {
      // One mistake at a time.
      if (log.isEmpty()) {
        unopened.ifPresent(LogOptions::withoutFile);
        openLog(meant, unopened.filter(LogOptions::isForPrograms));
      }
    }
    return show(Ending.ofUsage(UsageErrors.message(e), command.qualifiedName()));
  }

  private void openLog(CommandSpec command, Optional<LogOptions> options) {
    if (options.isPresent()) {
      options.get().open(command, Optional.empty(), out, err);
      log = options;
    }
  }

  /** Shows what the command failed with. */
  int failed(Exception e, CommandLine command) {
    Ending ending = Ending.of(e, command.getCommandSpec().qualifiedName());
    if (ending.lines().isEmpty()) {
      Mistake.print(e, err);
      debug.ifPresent(option -> option.trace(e));
    }
    return show(ending);
  }

  private int show(Ending ending) {
    failure = ending.failure();
    ending
        .lines()
        .forEach(line -> log.ifPresent(option -> option.record("mirror-images: " + line)));
    if (log.filter(LogOptions::isOnlyEvents).isEmpty()) {
      ending.lines().forEach(ending.exitCode() == ExitCode.USAGE ? this::complain : this::say);
    }
    return ending.exitCode();
  }

  private void say(String line) {
    log.ifPresentOrElse(option -> option.console().say(line), () -> complain(line));
  }

  /** Without the time: no run has begun. */
  private void complain(String line) {
    err.println("mirror-images: " + line);
  }

  private void notice(String line) {
    log.ifPresentOrElse(option -> option.console().notice(line), () -> say(line));
  }

  /** Writes the end into the report; gives what the process returns. */
  int end(int exitCode) {
    int written = report(exitCode);
    log.ifPresent(option -> option.end(written, failure));
    return written;
  }

  private int report(int exitCode) {
    try {
      if (outcome.isPresent()) {
        outcome.get().end(exitCode, failure);
      }
      return exitCode;
    } catch (IOException e) {
      if (failure.isEmpty()) {
        say("cannot write " + ErrorWords.of(e));
      }
      return exitCode == ExitCode.DONE ? ExitCode.NOTHING_DONE : exitCode;
    }
  }

  @Override
  public void close() {
    outcome.ifPresent(OutcomeOptions::close);
    log.ifPresent(LogOptions::close);
    debug.ifPresent(DebugOption::close);
  }
}
